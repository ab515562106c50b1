# The test kill_random with a hundred kills.
# tml-test: LABELS slow
# tml-test: TIMEOUT 900
# shellcheck shell=bash
KILLS=${KILLS:-100}
. "$TML_SOURCE/tests/programs/kill_random.sh"
