# Panel models of part II by R's plm: the figures that tests/stats/test_panel.py compares with. Both files anew, from the root of the repository:
#
#   python -m tests.reference.panel_observations 2021-12 && Rscript tests/reference/panel.R
#
# The first writes tests/reference/panel_observations.csv (the observations of that edition; nothing of them is computed here), the second reads it
# and writes tests/reference/panel.csv (key, value; 15 digits). Written with R 4.2.2 and plm 2.6-2.

suppressPackageStartupMessages(library(plm))

folder <- file.path("tests", "reference")
observations <- read.csv(file.path(folder, "panel_observations.csv"), stringsAsFactors = FALSE)
out <- data.frame(key = character(), value = character())
say <- function(key, value) out[nrow(out) + 1, ] <<- list(key, if (is.character(value)) value else sprintf("%.15g", value))

# Coefficients, classical and clustered errors. "sss" is G / (G - 1) * (n - 1) / (n - k); k counts what the model's own matrix holds, for within no constant.
tell <- function(key, model) {
  classical <- sqrt(diag(vcov(model)))
  clustered <- sqrt(diag(vcovHC(model, method = "arellano", type = "sss", cluster = "group")))
  for (name in names(coef(model))) {
    short <- if (name == "(Intercept)") "const" else name
    say(paste(key, short, "estimate", sep = "."), coef(model)[[name]])
    say(paste(key, short, "classical", sep = "."), classical[[name]])
    say(paste(key, short, "clustered", sep = "."), clustered[[name]])
  }
}

test <- function(key, found) {
  say(paste(key, "statistic", sep = "."), unname(found$statistic))
  say(paste(key, "p", sep = "."), unname(found$p.value))
  if (!is.null(found$parameter)) for (i in seq_along(found$parameter)) say(paste(key, paste0("df", i), sep = "."), unname(found$parameter)[i])
}

formulas <- list(
  deal_half_year = recovery ~ forecast + half_year + pool_balance + secured_share,
  originator_year = recovery ~ forecast + pool_balance + secured_share
)

say("edition", observations$edition[1])
for (panel in names(formulas)) {
  part <- observations[observations$panel == panel, ]
  times <- table(part$entity)
  kept <- part[part$entity %in% names(times)[times > 1], ]
  say(paste(panel, "n", sep = "."), nrow(kept))
  say(paste(panel, "entities", sep = "."), length(unique(kept$entity)))
  say(paste(panel, "periods", sep = "."), length(unique(kept$period)))
  say(paste(panel, "singletons", sep = "."), sum(times == 1))
  data <- pdata.frame(kept, index = c("entity", "period"))
  data$half_year <- as.numeric(as.character(data$half_year))
  formula <- formulas[[panel]]
  pooled <- plm(formula, data, model = "pooling")
  within <- plm(formula, data, model = "within")
  random <- plm(formula, data, model = "random", random.method = "swar")
  tell(paste(panel, "pooled", sep = "."), pooled)
  tell(paste(panel, "fixed", sep = "."), within)
  tell(paste(panel, "random", sep = "."), random)
  say(paste(panel, "r_squared_within", sep = "."), r.squared(within))
  test(paste(panel, "f_fixed", sep = "."), pFtest(within, pooled))
  test(paste(panel, "bp_lm", sep = "."), plmtest(pooled, effect = "individual", type = "bp"))
  test(paste(panel, "honda", sep = "."), plmtest(pooled, effect = "individual", type = "honda"))
  test(paste(panel, "hausman", sep = "."), phtest(within, random))
}
write.csv(out, file.path(folder, "panel.csv"), row.names = FALSE, quote = FALSE)
