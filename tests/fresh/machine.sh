#!/bin/sh
# machine.sh report|again|wheel …: what a user does on a fresh machine, in a clone of the repository. Any line that fails, fails.
#   report   make report, and a look at what it made
#   again    the edition once more, after something was installed
#   wheel    the wheel in an environment of its own, and a project from it
set -eu
cd "$(dirname "$0")/../.."
edition=2020-03
tool=.venv/bin/npl-report

say() { echo "== $*"; }

# a container may have none of what the README asks for; a tree has it all
if ! command -v make >/dev/null && command -v apt-get >/dev/null; then
  say packages
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends python3 python3-venv make git ca-certificates
fi

report() {
  say "make report"
  make report EDITION=$edition
  say "smoke test"
  $tool doctor
  $tool check --edition $edition
  $tool build --edition $edition | grep "up to date"
  for language in zh en; do
    test -s build/$edition/$language/index.html
    head -c 5 build/$edition/$language/note.pdf | grep -q "^%PDF-"
  done
  (cd build/$edition && sha256sum --check --quiet SHA256SUMS)
}

again() {
  say "build again"
  said=$($tool build --edition $edition)
  echo "$said"
  case $said in *"up to date"*) echo "what was installed has not been seen"; exit 1 ;; esac
}

wheel() {
  say "the wheel alone"
  place=$(mktemp -d)
  .venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$place" .
  python3 -m venv "$place/venv"
  "$place/venv/bin/pip" install --quiet "$place"/npl_report-*.whl
  (
    cd "$place"
    venv/bin/npl-report init x
    cd x
    ../venv/bin/npl-report check
    ../venv/bin/npl-report build --edition 2021-12 --no-pdf  # the latest takes three times as long
    cd ..
    venv/bin/npl-report init y --sample euro
    cd y
    ../venv/bin/npl-report check
    ../venv/bin/npl-report guide claims
    cd ..
    venv/bin/npl-report init z --sample none --languages en
    if (cd z && ../venv/bin/npl-report check); then exit 1; fi  # says what to fill in
  )
  rm -r "$place"
}

for step; do "$step"; done
