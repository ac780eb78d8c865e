// The reader's choice of light or dark, before anything is painted; without one the system's is followed.
"use strict";
try {
  const theme = localStorage.getItem("npl-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be refused */ }
