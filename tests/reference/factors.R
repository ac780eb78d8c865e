# Factor analysis of part II by R: the figures that tests/stats/test_factors.py and tests/tables/test_determinants_factors.py compare with.
#
#   Rscript tests/reference/factors.R 2021-12-31        from the root of the repository; the argument is the as-of date
#
# writes tests/reference/factors.csv (key, value; 15 digits) and tests/reference/harman74.csv (the correlations of datasets::Harman74.cor).
# Needs psych, lmtest and sandwich; written with R 4.2.2, psych 2.2.9, lmtest 0.9-40, sandwich 3.0-2.

suppressPackageStartupMessages({library(psych); library(lmtest); library(sandwich)})

source(file.path("tests", "reference", "sample.R"))
as_of <- as_of_argument("factors.R")
folder <- file.path("tests", "reference")
out <- data.frame(key = character(), value = character())
say <- function(key, value) out[nrow(out) + 1, ] <<- list(key, if (is.character(value)) value else sprintf("%.15g", value))

# The candidates in their order of precedence: the default of an edition's settings.
variables <- c("issuance", "pool_balance", "average_loan", "wa_borrower_age", "wa_annual_income", "wa_loan_age", "wa_overdue", "pool_principal",
               "average_exposure", "senior_share", "secured_share", "largest_region_share", "n_loans", "n_borrowers")
sample <- read_sample(as_of)
sample <- sample[sample$included, ]
x <- sample[variables]
rownames(x) <- sample$deal
y <- sample$expected

# Of variables that determine each other exactly the last leaves: the QR decomposition goes from left to right.
decomposed <- qr(scale(x), tol = 1e-4)
kept <- sort(decomposed$pivot[seq_len(decomposed$rank)])
x <- x[, kept]

reference <- function(prefix, r, n, limit = 1) {
  # Everything that the correlation matrix determines; the rotated loadings by falling sum of squares, column sums positive.
  adequacy <- KMO(r)
  say(paste0(prefix, "kmo"), adequacy$MSA)
  for (name in colnames(r)) say(paste0(prefix, "kmo.", name), adequacy$MSAi[[name]])
  test <- cortest.bartlett(r, n = n)
  say(paste0(prefix, "bartlett"), test$chisq)
  say(paste0(prefix, "df"), test$df)
  say(paste0(prefix, "p"), test$p.value)
  values <- eigen(r, symmetric = TRUE)$values
  for (i in seq_along(values)) say(paste0(prefix, "eigenvalue.", i), values[i])
  k <- sum(values > limit)
  say(paste0(prefix, "n_factors"), k)
  loadings <- unclass(principal(r, nfactors = k, rotate = "none")$loadings)
  rotated <- if (k > 1) unclass(varimax(loadings, normalize = TRUE, eps = 1e-16)$loadings) else loadings
  rotated <- rotated[, order(-colSums(rotated^2)), drop = FALSE]
  rotated <- rotated %*% diag(ifelse(colSums(rotated) < 0, -1, 1), k)
  for (j in seq_len(k)) for (name in colnames(r)) say(paste0(prefix, "loading.", j, ".", name), rotated[name, j])
  rotated
}

say("as_of", as_of)
say("n", nrow(x))
say("variables", paste(colnames(x), collapse = " "))
r <- cor(x)
loadings <- reference("", r, nrow(x))
weights <- solve(r, loadings)
scores <- scale(x) %*% weights
by_psych <- factor.scores(x, loadings, method = "Thurstone")$scores
stopifnot(max(abs(scores - by_psych)) < 1e-8)
for (j in seq_len(ncol(scores))) for (deal in rownames(x)) say(paste0("score.", j, ".", deal), scores[deal, j])

model <- lm(y ~ scores)
robust <- coeftest(model, vcov. = vcovHC(model, type = "HC3"))
ends <- coefci(model, vcov. = vcovHC(model, type = "HC3"))
for (j in seq_len(ncol(scores) + 1)) {
  name <- if (j == 1) "const" else j - 1
  say(paste0("estimate.", name), robust[j, 1])
  say(paste0("se_hc3.", name), robust[j, 2])
  say(paste0("p_hc3.", name), robust[j, 4])
  say(paste0("low.", name), ends[j, 1])
  say(paste0("high.", name), ends[j, 2])
  if (j > 1) say(paste0("standardized.", name), robust[j, 1] * sd(scores[, j - 1]) / sd(y))
}
say("r_squared", summary(model)$r.squared)

# What chance gives: another generator than ours, so that only the figures' Monte Carlo error parts them.
set.seed(1965)
draws <- replicate(4000, eigen(cor(matrix(rnorm(length(as.matrix(x))), nrow(x))), symmetric = TRUE, only.values = TRUE)$values)
random <- apply(draws, 1, quantile, probs = 0.95, names = FALSE)
for (i in seq_along(random)) say(paste0("random_eigenvalue.", i), random[i])

# Parallel analysis as psych does it: components above the 95th percentile of its own simulated eigenvalues (the last columns of $values; the first are of resampled data).
options(mc.cores = 1)
set.seed(1976)
invisible(capture.output(by_psych <- suppressWarnings(fa.parallel(x, fa = "pc", n.iter = 2000, quant = 0.95, plot = FALSE))))
say("parallel", by_psych$ncomp)
simulated <- apply(by_psych$values[, ncol(x) + seq_len(ncol(x))], 2, quantile, probs = 0.95, names = FALSE)
for (i in seq_along(simulated)) say(paste0("parallel.random_eigenvalue.", i), simulated[i])

harman <- datasets::Harman74.cor$cov
invisible(reference("harman.", harman, datasets::Harman74.cor$n.obs))
path <- file.path(folder, "harman74.csv")
writeLines("# Correlations of 24 psychological tests on 145 children: Harman (1976), table 7.4, as in R's datasets::Harman74.cor", path)
suppressWarnings(write.table(harman, path, append = TRUE, sep = ",", quote = FALSE, col.names = NA))
write.csv(out, file.path(folder, "factors.csv"), row.names = FALSE, quote = FALSE)
