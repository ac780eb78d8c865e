# The regressions of part II by R: the figures that tests/stats/test_regression.py, test_diagnostics.py and test_bounded.py compare with.
#
#   Rscript tests/reference/regression.R 2021-12-31        from the root of the repository; the argument is the as-of date
#
# writes tests/reference/regression.csv (key, value; 15 digits). Needs sandwich, lmtest, car and glmmTMB; written with R 4.2.2, sandwich 3.0-2, lmtest 0.9-40, car 3.1-1,
# glmmTMB 1.1.5.

suppressPackageStartupMessages({library(sandwich); library(lmtest); library(car); library(glmmTMB)})
source(file.path("tests", "reference", "sample.R"))

as_of <- as_of_argument("regression.R")
out <- data.frame(key = character(), value = character())
say <- function(key, value) out[nrow(out) + 1, ] <<- list(key, if (is.character(value)) value else sprintf("%.15g", value))
say_each <- function(key, values, names) for (i in seq_along(values)) say(paste(key, names[i], sep = "."), values[[i]])

# Slopes first, the constant last, as the package has them.
regressors <- function(fit) c(setdiff(names(coef(fit)), "(Intercept)"), "(Intercept)")
named <- function(x) sub("(Intercept)", "const", x, fixed = TRUE)

# Average marginal effects of a logit: b mean(w), w = mu (1 - mu), with the delta method over the mean's coefficients b (constant first, X likewise) and their covariance.
logit_effects <- function(b, covariance, X) {
  mu <- plogis(drop(X %*% b))
  w <- mu * (1 - mu)
  k <- length(b)
  gradient <- outer(b, colMeans(w * (1 - 2 * mu) * X)) + diag(k) * mean(w)
  effect <- b * mean(w)
  se <- sqrt(diag(gradient %*% covariance %*% t(gradient)))
  list(effect = effect[-1], se = se[-1], p = 2 * pnorm(-abs(effect / se))[-1])
}

say_effects <- function(prefix, found, coefficients, spread, names) {
  say_each(paste0(prefix, ".coefficient"), coefficients / spread, names)
  say_each(paste0(prefix, ".effect"), found$effect / spread, names)
  say_each(paste0(prefix, ".se"), found$se / spread, names)
  say_each(paste0(prefix, ".p"), found$p, names)
}

regress <- function(prefix, y, x, originator, type) {
  # One rate on what the gate keeps.
  key <- function(name) paste(prefix, name, sep = ".")
  offered <- x
  x <- as.data.frame(gate(offered))
  data <- cbind(y = y, x)
  fit <- lm(y ~ ., data)
  n <- nrow(data); k <- ncol(x); groups <- length(unique(originator))
  order <- regressors(fit); names <- named(order)
  say(key("n"), n); say(key("clusters"), groups); say(key("variables"), paste(names(x), collapse = " "))
  say_each(key("estimate"), coef(fit)[order], names)
  robust <- list(classical = vcov(fit), hc3 = vcovHC(fit, type = "HC3"), cluster = vcovCL(fit, cluster = originator, type = "HC1", cadjust = TRUE))
  for (kind in names(robust)) {
    tested <- coeftest(fit, vcov. = robust[[kind]], df = if (kind == "cluster") groups - 1 else n - k - 1)[order, ]
    say_each(key(paste0("se_", kind)), tested[, 2], names)
    say_each(key(paste0("t_", kind)), tested[, 3], names)
    say_each(key(paste0("p_", kind)), tested[, 4], names)
  }
  interval <- coefci(fit, vcov. = robust$hc3, df = n - k - 1, level = 0.95)[order, ]
  say_each(key("low"), interval[, 1], names)
  say_each(key("high"), interval[, 2], names)
  scaled <- lm(y ~ ., as.data.frame(scale(data)))
  say_each(key("standardized"), coef(scaled)[names(x)], names(x))
  say_each(key("inflation"), vif(fit)[names(x)], names(x))
  whole <- summary(fit)
  say(key("r_squared"), whole$r.squared); say(key("adjusted_r_squared"), whole$adj.r.squared)
  say(key("f_statistic"), whole$fstatistic[[1]]); say(key("f_p"), pf(whole$fstatistic[1], whole$fstatistic[2], whole$fstatistic[3], lower.tail = FALSE)[[1]])

  # Each deal's place in the model.
  cook <- cooks.distance(fit)
  say(key("n_influential"), sum(cook > 4 / n))
  deals <- row.names(data)
  say_each(key("fitted"), fitted(fit), deals); say_each(key("leverage"), hatvalues(fit), deals)
  say_each(key("studentized"), rstudent(fit), deals); say_each(key("cook"), cook, deals)

  # Tests. White's terms are made of standardized variables, which span the same and which lm's tolerance takes for what they are.
  z <- scale(x)
  pairs <- which(upper.tri(diag(k), diag = TRUE), arr.ind = TRUE)
  squares <- data.frame(z, z[, pairs[, 1]] * z[, pairs[, 2]])
  tests <- list(breusch_pagan = bptest(fit), reset = resettest(fit, power = 2:3, type = "fitted"))
  if (n > ncol(squares) + 1) tests$white <- bptest(fit, ~ ., data = squares)
  for (name in names(tests)) {
    say(key(name), tests[[name]]$statistic[[1]]); say(key(paste0(name, "_df")), tests[[name]]$parameter[[1]]); say(key(paste0(name, "_p")), tests[[name]]$p.value[[1]])
  }
  e <- residuals(fit)
  skewness <- mean(e^3) / mean(e^2)^1.5
  kurtosis <- mean(e^4) / mean(e^2)^2
  jb <- n / 6 * (skewness^2 + (kurtosis - 3)^2 / 4)
  say(key("jarque_bera"), jb); say(key("jarque_bera_p"), pchisq(jb, 2, lower.tail = FALSE))
  say(key("durbin_watson"), dwtest(fit)$statistic[[1]])
  say(key("condition_number"), kappa(z, exact = TRUE))
  say(key("max_cook"), max(cook))

  # Without the influential deals; the gate is passed anew.
  calm <- cook <= 4 / n
  rest <- as.data.frame(gate(offered[calm, ]))
  trimmed <- lm(y ~ ., cbind(y = y[calm], rest))
  tested <- coeftest(trimmed, vcov. = vcovHC(trimmed, type = "HC3"), df = trimmed$df.residual)[names(rest), , drop = FALSE]
  say_each(key("trimmed"), tested[, 1], names(rest)); say_each(key("trimmed_p"), tested[, 4], names(rest))

  # Within the types: the same deals and variables with an effect of each type. What the types determine leaves by exact dependence of deviations from their means.
  inner <- names(gate(as.data.frame(lapply(x, function(column) column - ave(column, type))), limit = 1e8))
  typed <- lm(y ~ ., cbind(y = y, x[inner], type = factor(type)))
  tested <- coeftest(typed, vcov. = vcovHC(typed, type = "HC3"), df = typed$df.residual)[inner, , drop = FALSE]
  say_each(key("typed"), tested[, 1], inner); say_each(key("typed_p"), tested[, 4], inner)

  # Models for rates, on standardized variables, scaled back.
  spread <- attr(z, "scaled:scale")
  standard <- data.frame(y = y, z)
  X <- cbind(1, z)
  logit <- glm(y ~ ., quasibinomial(), standard, control = list(epsilon = 1e-15, maxit = 100))
  say_effects(key("logit"), logit_effects(coef(logit), vcovHC(logit, type = "HC1"), X), coef(logit)[-1], spread, names(x))
  if (all(y > 0 & y < 1)) {
    beta <- glmmTMB(reformulate(names(x), "y"), standard, family = beta_family())
    at <- beta$fit$par
    for (step in 1:20) at <- at - solve(beta$obj$he(at), drop(beta$obj$gr(at)))  # the optimizer stops near the maximum; Newton's steps end in it
    mean_part <- seq_len(k + 1)
    say_effects(key("beta"), logit_effects(at[mean_part], solve(beta$obj$he(at))[mean_part, mean_part], X), at[mean_part][-1], spread, names(x))
  }
}

sample <- read_sample(as_of)
taken <- sample[sample$included, ]
row.names(taken) <- taken$deal
read <- taken[!is.na(taken$actual), ]
say("as_of", as_of); say("n_deals", nrow(sample))
say_each("sample.expected", taken$expected, taken$deal)
say_each("sample.actual", read$actual, read$deal)
for (name in candidates) say(paste0("sample.mean.", name), mean(taken[[name]]))
for (name in candidates) say(paste0("correlation.", name), cor(taken[[name]], taken$expected))
regress("expected", taken$expected, taken[candidates], taken$originator, taken$asset_type)
if (nrow(read) > 16) regress("actual", read$actual, read[candidates], read$originator, read$asset_type)
write.csv(out, file.path("tests", "reference", "regression.csv"), row.names = FALSE, quote = FALSE)
cat("wrote", nrow(out), "figures of", nrow(taken), "deals as of", as_of, "\n")
