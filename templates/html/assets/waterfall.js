// The waterfall of one deal, by the same rules as npl_report/stats/waterfall.py; a test holds the two together.
// Money in millions, rates a year or of collections as fractions, days from closing, act/365.
"use strict";
(() => {
  const YEAR = 365;
  const UNPAID = 1e-12; // of the issue size, or of a tranche's face: less is nothing

  const FEES = ["taxes", "trust_fees", "servicing", "excess_fees"];

  // Tranche -> the payees that are paid to it, its principal among them. The last of the ladder takes what is left; it has no coupon.
  const parts = (ladder) => {
    const of = (tranche, names) => [tranche, names.map((name) => `${tranche}_${name}`)];
    return new Map([...ladder.slice(0, -1).map((tranche) => of(tranche, ["interest", "principal"])), of(ladder.at(-1), ["principal", "return", "residual"])]);
  };
  const payees = (ladder) => [...FEES, ...[...parts(ladder).values()].flat(), "reward"];

  // What a step pays off: the trust fees are one debt, of which the excess waits for its own step.
  const debt = (step) => step === "trust_fees" || step === "excess_fees" ? "trust" : step;

  // terms: see npl_report/present/profiles/scenario.py. Returns what each payee is paid on each date, and whether there was an event of default.
  function waterfall(terms, collected, days) {
    const upper = terms.ladder.slice(0, -1), last = terms.ladder.at(-1);
    const interest = `${terms.ladder[0]}_interest`, principal = `${terms.ladder[0]}_principal`;
    const owed = { taxes: 0, trust: 0, servicing: 0, [`${last}_return`]: 0 };
    upper.forEach((tranche) => { owed[`${tranche}_interest`] = 0; });
    terms.ladder.forEach((tranche, rung) => { owed[`${tranche}_principal`] = terms.face[rung]; });
    const known = (steps) => steps.filter((step) => step === "reserve" || step === "residual" || debt(step) in owed); // a deal may lack a tranche that its priority has
    const ordinary = known(terms.ordinary), afterDefault = known(terms.default);
    const state = { reserve: 0, default: false, cash: 0, cap: 0, ending: false };
    const paid = Object.fromEntries(payees(terms.ladder).map((name) => [name, new Array(days.length).fill(0)]));
    const nothing = UNPAID * sum(terms.face);
    let date = 0;
    const take = (wanted, payee) => {
      const amount = Math.min(state.cash, Math.max(wanted, 0));
      state.cash -= amount;
      paid[payee][date] += amount;
      return amount;
    };
    const due = (step) => step === "trust_fees" ? Math.min(owed.trust, state.cap) : owed[debt(step)];

    // Fill the reserve, or release it where what is left pays the steps between it and the principal of the first tranche and redeems that tranche.
    const setAside = (between) => {
      const asking = between.filter((step) => step !== "trust_fees" || !between.includes("excess_fees")); // the excess takes all of the trust fees
      if (state.ending || owed[principal] <= nothing || state.cash >= asking.reduce((total, step) => total + due(step), owed[principal])) return;
      state.reserve = Math.min(state.cash, terms.reserve);
      state.cash -= state.reserve;
    };
    const pay = (step, place, order) => {
      if (step === "reserve") setAside(order.slice(place + 1, order.indexOf(principal)));
      else if (step === "residual") {
        take(state.cash * terms.reward_share, "reward");
        take(state.cash, `${last}_residual`);
      } else owed[debt(step)] -= take(due(step), step);
    };
    for (; date < days.length; date += 1) {
      const years = (days[date] - (date ? days[date - 1] : 0)) / YEAR;
      owed.taxes += terms.tax_rate * collected[date];
      owed.trust += terms.trust_fee_rate * collected[date];
      owed.servicing += terms.servicing_rate * collected[date];
      upper.forEach((tranche, rung) => { owed[`${tranche}_interest`] += owed[`${tranche}_principal`] * terms.coupon[rung] * years; });
      owed[`${last}_return`] += owed[`${last}_principal`] * terms.fixed_return * years;
      state.cap = terms.trust_fee_cap === null ? Infinity : terms.trust_fee_cap * years;
      state.cash = collected[date] + state.reserve;
      state.reserve = 0;
      state.ending = date === days.length - 1;
      (state.default ? afterDefault : ordinary).forEach(pay);
      if (afterDefault.length && (owed[interest] > nothing || (days[date] >= terms.legal_maturity && owed[principal] > nothing))) state.default = true;
    }
    return { paid, default: state.default };
  }

  // The yearly rate at which receipts are worth the price paid on day 0; -1 if there are none. Their worth falls as the rate rises.
  function rate(price, days, receipts) {
    if (!receipts.some((amount) => amount > UNPAID * price)) return -1;
    const worth = (log) => receipts.reduce((sum, amount, place) => sum + amount * Math.exp((-log * days[place]) / YEAR), 0) - price;
    let low = -1, high = 1;
    while (worth(low) < 0) low *= 2;
    while (worth(high) > 0) high *= 2;
    for (let round = 0; round < 80; round += 1) {
      const middle = (low + high) / 2;
      if (worth(middle) > 0) low = middle;
      else high = middle;
    }
    return Math.expm1((low + high) / 2);
  }

  const sum = (amounts) => amounts.reduce((total, amount) => total + amount, 0);

  // Yield, multiple, weighted average life (days, null if nothing is repaid) and loss of a tranche bought at par.
  function returns(face, days, principal, receipts) {
    const repaid = sum(principal);
    return {
      rate: rate(face, days, receipts),
      multiple: sum(receipts) / face,
      life: repaid > UNPAID * face ? sum(principal.map((amount, place) => amount * days[place])) / repaid : null,
      loss: Math.max(0, 1 - repaid / face),
    };
  }

  // A deal when its forecast is recovered times over, everything comes days later, and the servicer takes another share of the rest.
  function scenario(deal, times, later, share) {
    const days = deal.days.map((day) => day + later);
    const { paid, default: event } = waterfall({ ...deal, reward_share: share }, deal.collected.map((amount) => amount * times), days);
    const add = (names) => days.map((_, date) => names.reduce((total, name) => total + paid[name][date], 0));
    const rungs = [...parts(deal.ladder)];
    return {
      default: event,
      recovered: sum(deal.collected) * times,
      totals: Object.fromEntries(payees(deal.ladder).map((name) => [name, sum(paid[name])])),
      tranches: Object.fromEntries(rungs.map(([tranche, names], rung) => [tranche, returns(deal.face[rung], days, paid[`${tranche}_principal`], add(names))])),
    };
  }

  globalThis.nplWaterfall = { waterfall, rate, returns, scenario };
})();
