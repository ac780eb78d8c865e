# Seasonal parts by R's stl: the figures that tests/stats/test_seasonal.py compares with.
#
#   Rscript tests/reference/stl.R        from the root of the repository
#
# writes tests/reference/stl.csv (series, place, value, seasonal; 17 digits). The series come with R (datasets), by quarters: gas consumed in the
# United Kingdom, whole and its first 16 quarters; residents of Australia; earnings per share of Johnson & Johnson to 1969.
#
# The robustness weights rest on the median of the residuals, which R's partial sort now and then gets wrong (so for JohnsonJohnson as a
# whole in the sixth loop). Its figures are taken only for series in which every loop has the right one: `sound` holds the weights against it.
# Written with R 4.2.2.

series <- list(gas = UKgas, short = window(UKgas, end = c(1963, 4)), residents = austres, earnings = window(JohnsonJohnson, end = c(1969, 4)))

decompose <- function(x, loops) stl(x, s.window = 7, robust = TRUE, inner = 1, outer = loops)

sound <- function(x) all(sapply(1:15, function(loops) {
  residuals <- abs(decompose(x, loops - 1)$time.series[, "remainder"])
  weights <- decompose(x, loops)$weights
  between <- which(weights > 0.01 & weights < 0.99)
  max(abs(residuals[between] / sqrt(1 - sqrt(weights[between])) / (6 * median(residuals)) - 1)) < 1e-6
}))

parts <- lapply(names(series), function(name) {
  x <- ts(as.numeric(series[[name]]), frequency = 4)
  if (!sound(x)) stop(name, ": R has a wrong median in one of the loops")
  found <- stl(x, s.window = 7, robust = TRUE)
  data.frame(series = name, place = seq_along(x), value = sprintf("%.17g", x), seasonal = sprintf("%.17g", found$time.series[, "seasonal"]))
})
write.csv(do.call(rbind, parts), file.path("tests", "reference", "stl.csv"), row.names = FALSE, quote = FALSE)
