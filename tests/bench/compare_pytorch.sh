#!/usr/bin/env bash
# Speed of the published network against PyTorch on the same cores, in interleaved rounds (docs/performance.md).
#   tests/bench/compare_pytorch.sh [--program FILE] [--rounds N] [--case NAME ...] [--csv FILE] [--list] [--force]
# Takes about ten minutes of a machine that does nothing else; refuses a busy one (exit code 75).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${TML_PYTHON:-/usr/bin/python3}
command -v "$python" >/dev/null || {
  echo "compare_pytorch.sh: there is no $python; name a Python with PyTorch in TML_PYTHON" >&2
  exit 66
}
"$python" -c 'import torch' 2>/dev/null || {
  echo "compare_pytorch.sh: $python has no PyTorch; install it with jobs/install-dependencies.sh --with-test-extras" >&2
  exit 66
}
PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/compare_pytorch.py" "$@"
