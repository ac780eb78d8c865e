# The sample of part II, rebuilt from data/*.csv without the package: sourced by regression.R.
#
# read_sample(as_of) gives a data frame of the deals issued by that day, in the order of issue: deal, originator, asset_type, the rates expected and actual (NA where
# there is none) and the fourteen variables as they enter models; `included` are those that the models take. Windows are those of the editions 2020-03 and 2021-12.

windows <- list(corporate = c(33, 39), mortgage = c(24, 30), unsecured = c(13, 19))

# The candidates of a regression in their order of precedence: the default of an edition's settings.
candidates <- c("pool_balance", "n_loans", "wa_annual_income", "wa_loan_age", "wa_borrower_age", "wa_overdue", "secured_share", "senior_share",
                "largest_region_share", "issuance", "pool_principal", "n_borrowers", "average_loan", "average_exposure")

as_of_argument <- function(script) {
  day <- commandArgs(trailingOnly = TRUE)[1]
  if (is.na(day) || is.na(as.Date(day, "%Y-%m-%d"))) stop("usage: Rscript tests/reference/", script, " <as-of date, as 2021-12-31>")
  day
}

read_table <- function(name) read.csv(file.path("data", paste0(name, ".csv")), stringsAsFactors = FALSE, encoding = "UTF-8")

# The actual rate: of each period the value reported last by the as-of date, summed to the last period that ends inside the window of the deal's type.
actual_rates <- function(deals, as_of) {
  flows <- read_table("collections")
  flows <- flows[flows$reported_on <= as_of, ]
  flows <- flows[order(flows$deal, flows$period_end, flows$reported_on, method = "radix"), ]
  flows <- flows[!duplicated(flows[c("deal", "period_start", "period_end")], fromLast = TRUE), ]
  sapply(seq_len(nrow(deals)), function(i) {
    own <- flows[flows$deal == deals$deal[i], ]
    age <- as.numeric(as.Date(own$period_end) - as.Date(deals$cutoff_date[i])) / 30
    window <- windows[[deals$asset_type[i]]]
    inside <- which(age >= window[1] & age <= window[2])
    if (length(inside) == 0) NA else sum(own$collected[seq_len(max(inside))]) / deals$pool_balance[i]
  })
}

read_sample <- function(as_of) {
  if (any(grepl("^\\[\\[correction", readLines(file.path("data", "corrections.toml"), encoding = "UTF-8")))) stop("data/corrections.toml holds records, which this script does not apply")
  deals <- read_table("deals")
  deals <- deals[deals$issue_date <= as_of, ]
  deals <- deals[order(deals$issue_date, deals$deal, method = "radix"), ]
  tranches <- read_table("tranches")
  size <- as.numeric(tapply(tranches$face, tranches$deal, sum)[deals$deal])
  senior <- tranches[tranches$tranche == "senior", ]
  sample <- with(deals, data.frame(
    deal, originator, asset_type,
    expected = expected_recovery / pool_balance,
    issuance = log(size),
    pool_balance = log(pool_balance),
    pool_principal = log(pool_principal),
    n_loans = log(n_loans),
    n_borrowers = log(n_borrowers),
    average_loan = log(pool_balance / n_loans),
    average_exposure = log(pool_balance / n_borrowers),
    wa_loan_age, wa_overdue, wa_borrower_age,
    wa_annual_income = log(wa_annual_income),
    senior_share = senior$face[match(deal, senior$deal)] / size,
    secured_share, largest_region_share
  ))
  sample$actual <- actual_rates(deals, as_of)
  sample$included <- complete.cases(sample[candidates]) & !is.na(sample$expected) & sample$expected >= 0 & sample$expected <= 1
  sample
}

# The gate: while a variance inflation factor exceeds the limit, the last column above it leaves; what the others determine exactly is above every limit.
gate <- function(x, limit = 10) {
  x <- x[, apply(x, 2, function(column) diff(range(column)) > 1e-12 * max(1, abs(column))), drop = FALSE]
  repeat {
    z <- scale(x)
    inflation <- sapply(seq_len(ncol(z)), function(j) {
      left <- sum(qr.resid(qr(z[, -j, drop = FALSE], tol = 1e-10), z[, j])^2) / sum(z[, j]^2)
      if (left > 1e-8) 1 / left else Inf
    })
    above <- which(inflation > limit)
    if (length(above) == 0) return(x)
    x <- x[, -max(above), drop = FALSE]
  }
}
