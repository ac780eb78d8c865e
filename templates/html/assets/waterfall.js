// The waterfall of one deal, by the same rules as npl_report/stats/waterfall.py; a test holds the two together.
// Money in CNY million, rates a year or of collections as fractions, days from closing, act/365.
"use strict";
(() => {
  const YEAR = 365;
  const UNPAID = 1e-9;

  const payees = ["taxes", "trust_fees", "servicing", "excess_fees", "senior_interest", "senior_principal", "subordinated_principal", "subordinated_return", "subordinated_residual", "reward"];

  // terms: see npl_report/present/profiles/scenario.py. Returns what each payee is paid on each date, and what is left.
  function waterfall(terms, collected, days) {
    const state = { senior: terms.senior, junior: terms.subordinated, reserve: 0, interest: 0, fixed: 0, tax: 0, trust: 0, service: 0, default: false, cash: 0, cap: 0, last: false };
    const paid = Object.fromEntries(payees.map((name) => [name, new Array(days.length).fill(0)]));
    let date = 0;
    const take = (wanted, payee) => {
      const amount = Math.min(state.cash, Math.max(wanted, 0));
      state.cash -= amount;
      paid[payee][date] += amount;
      return amount;
    };
    const debts = { taxes: "tax", trust_fees: "trust", servicing: "service", excess_fees: "trust", senior_interest: "interest", senior_principal: "senior", subordinated_principal: "junior", subordinated_return: "fixed" };
    const due = (step) => step === "trust_fees" ? Math.min(state.trust, state.cap) : state[debts[step]];

    // Fill the reserve, or release it where what is left pays the steps between it and the senior principal and redeems the senior tranche.
    const setAside = (between) => {
      const asking = between.filter((step) => step !== "trust_fees" || !between.includes("excess_fees")); // the excess takes all of the trust fees
      if (state.last || state.cash >= asking.reduce((total, step) => total + due(step), state.senior)) return;
      state.reserve = Math.min(state.cash, terms.reserve);
      state.cash -= state.reserve;
    };
    const pay = (step, place, order) => {
      if (step === "reserve") setAside(order.slice(place + 1, order.indexOf("senior_principal")));
      else if (step === "residual") {
        take(state.cash * terms.reward_share, "reward");
        take(state.cash, "subordinated_residual");
      } else state[debts[step]] -= take(due(step), step);
    };
    for (; date < days.length; date += 1) {
      const years = (days[date] - (date ? days[date - 1] : 0)) / YEAR;
      state.tax += terms.tax_rate * collected[date];
      state.trust += terms.trust_fee_rate * collected[date];
      state.service += terms.servicing_rate * collected[date];
      state.interest += state.senior * terms.coupon * years;
      state.fixed += state.junior * terms.fixed_return * years;
      state.cap = terms.trust_fee_cap === null ? Infinity : terms.trust_fee_cap * years;
      state.cash = collected[date] + state.reserve;
      state.reserve = 0;
      state.last = date === days.length - 1;
      (state.default ? terms.default : terms.ordinary).forEach(pay);
      if (terms.default.length && (state.interest > UNPAID || (days[date] >= terms.legal_maturity && state.senior > UNPAID))) state.default = true;
    }
    return { paid, default: state.default };
  }

  // The yearly rate at which receipts are worth the price paid on day 0; -1 if there are none. Their worth falls as the rate rises.
  function rate(price, days, receipts) {
    if (!receipts.some((amount) => amount > UNPAID)) return -1;
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
      life: repaid > UNPAID ? sum(principal.map((amount, place) => amount * days[place])) / repaid : null,
      loss: Math.max(0, 1 - repaid / face),
    };
  }

  // A deal when its forecast is recovered times over, everything comes days later, and the servicer takes another share of the rest.
  function scenario(deal, times, later, share) {
    const days = deal.days.map((day) => day + later);
    const { paid, default: event } = waterfall({ ...deal, reward_share: share }, deal.collected.map((amount) => amount * times), days);
    const add = (...names) => days.map((_, date) => names.reduce((total, name) => total + paid[name][date], 0));
    return {
      default: event,
      recovered: sum(deal.collected) * times,
      totals: Object.fromEntries(payees.map((name) => [name, sum(paid[name])])),
      senior: returns(deal.senior, days, paid.senior_principal, add("senior_interest", "senior_principal")),
      subordinated: returns(deal.subordinated, days, paid.subordinated_principal, add("subordinated_principal", "subordinated_return", "subordinated_residual")),
    };
  }

  globalThis.nplWaterfall = { waterfall, rate, returns, scenario };
})();
