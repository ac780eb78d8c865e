# Kaplan-Meier estimates by R's survival: the figures that tests/stats/test_survival.py compares with. Both files anew, from the root of the
# repository:
#
#   python -m tests.reference.survival_observations 2025-12 && Rscript tests/reference/survival.R
#
# The first writes tests/reference/survival_observations.csv (ages and events of that edition; nothing of them is estimated there), the second reads
# it and writes tests/reference/survival.csv (key, value; 15 digits). Besides the sample's cohorts it estimates the maintained arm of the AML data
# that R ships (Miller 1981). Written with R 4.2.2 and survival 3.5-3.

suppressPackageStartupMessages(library(survival))

folder <- file.path("tests", "reference")
observations <- read.csv(file.path(folder, "survival_observations.csv"), stringsAsFactors = FALSE)
out <- data.frame(key = character(), value = character())
say <- function(key, value) out[nrow(out) + 1, ] <<- list(key, if (is.character(value)) value else sprintf("%.15g", value))

# The median, its interval on the complementary log-log scale, and the curve at some whole months: at risk, survival, Greenwood's error.
tell <- function(key, age, event, months) {
  found <- survfit(Surv(age, event) ~ 1, conf.type = "log-log")
  say(paste(key, "n", sep = "."), length(age))
  line <- summary(found)$table
  for (name in c("median", "0.95LCL", "0.95UCL")) say(paste(key, name, sep = "."), line[[name]])
  for (month in months[months <= max(age)]) {
    at <- summary(found, times = month)
    for (name in c("n.risk", "surv", "std.err")) say(paste(key, month, name, sep = "."), at[[name]])
  }
}

say("edition", observations$edition[1])
for (tranche in unique(observations$tranche)) {
  for (year in unique(observations$year)) {
    part <- observations[observations$tranche == tranche & observations$year == year, ]
    tell(paste(tranche, year, sep = "."), part$age, part$redeemed, c(0, 6, 9, 12, 18, 24, 36))
  }
}
aml <- survival::aml[survival::aml$x == "Maintained", ]
tell("aml", aml$time, aml$status, c(9, 13, 18, 23, 31, 34, 48))

write.csv(out, file.path(folder, "survival.csv"), row.names = FALSE, quote = FALSE)
