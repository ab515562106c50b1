#!/usr/bin/env bash
# Draws the figures that tests/tools/gallery.txt lists from the quickstart's data, as docs/gallery/NAME.png, and writes
# docs/gallery.md. Run jobs/quickstart.sh first.
#   tests/tools/make_gallery.sh [--program FILE] [--run-dir DIR]
# --program FILE  the program that draws (default build/release/telescopeml)
# --run-dir DIR   where the quickstart was written (default runs/quickstart)
# Wants rsvg-convert (package librsvg2-bin). Ends with 1 when a figure of the list was not drawn.
set -euo pipefail

most_bytes=60000
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=build/release/telescopeml run_dir=runs/quickstart
while [ $# -gt 0 ]; do
  case "$1" in
    --program | --run-dir)
      [ $# -ge 2 ] || { echo "make_gallery.sh: $1 wants a path" >&2; exit 64; }
      if [ "$1" = --program ]; then program=$2; else run_dir=$2; fi
      shift
      ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "make_gallery.sh: unknown option '$1' (try --help)" >&2; exit 64 ;;
  esac
  shift
done
for path in "$program" "$run_dir/results.h5" "$run_dir-grid.h5" "$run_dir-unseen.h5" "$run_dir-object.dat"; do
  [ -e "$path" ] || { echo "make_gallery.sh: $path is not there; run jobs/quickstart.sh first" >&2; exit 66; }
done
command -v rsvg-convert >/dev/null || { echo 'make_gallery.sh: install librsvg2-bin' >&2; exit 66; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/runs"
ln -s "$PWD/jobs" "$work/jobs"
ln -s "$(realpath "$program")" "$work/bin/telescopeml"
cp -r "$run_dir" "$work/runs/quickstart"
for name in grid.h5 unseen.h5 object.dat object.yml; do
  cp "$run_dir-$name" "$work/runs/quickstart-$name"
done
rm -rf "$work/runs/quickstart/figures"

missing=0 folder='' last_command=''
mkdir -p docs/gallery "$work/pictures"
# show NAME TEXT: the figure in the gallery.
show() {
  local svg=$work/$folder/figures/$1.svg width=600
  if [ ! -s "$svg" ]; then
    echo "not drawn: $1" >&2
    missing=1
    return
  fi
  ! grep -q '^<svg .* width="[4-9][0-9][0-9]pt"' "$svg" || width=1000 # two columns of a journal
  rsvg-convert --width "$width" --background-color white --output "$work/large.png" "$svg"
  PYTHONDONTWRITEBYTECODE=1 python3 tests/tools/small_png.py "$work/large.png" "$work/pictures/$1.png" "$most_bytes"
  # shellcheck disable=SC2016 # the backticks are Markdown
  printf '\n### `%s`\n\n%s\n\n![%s](gallery/%s.png)\n' "$1" "$2" "$1" "$1"
}

{
  cat <<'T'
# Gallery

Every kind of figure, drawn from the quickstart's data, which are computed and not observed (`jobs/quickstart.sh`), with
the command that makes it. A folder's `figures/` has each as PDF, SVG and PNG with 300 dpi; the small pictures here are
made by `tests/tools/make_gallery.sh` from the list in `tests/tools/gallery.txt`.
T
  while IFS= read -r line; do
    case "$line" in
      '' | '#'*) continue ;;
      '= '*)
        title=$(cut -d'|' -f1 <<<"${line#= }" | sed 's/ *$//')
        folder=$(cut -d'|' -f2 <<<"$line" | tr -d ' ')
        command=$(cut -d'|' -f3- <<<"$line" | sed 's/^ *//')
        # shellcheck disable=SC2016 # the backticks are Markdown
        printf '\n## %s\n\n```sh\n%s\n```\n' "$title" "${command// && /$'\n'}"
        if [ "$command" != "$last_command" ]; then
          (cd "$work" && PATH=$work/bin:$PATH bash -euc "$command" </dev/null >"$work/log" 2>&1) || {
            tail -n 20 "$work/log" >&2
            echo "make_gallery.sh: failed: $command" >&2
            exit 1
          }
        fi
        last_command=$command
        ;;
      *)
        name=$(cut -d'|' -f1 <<<"$line" | tr -d ' ')
        show "$name" "$(cut -d'|' -f2- <<<"$line" | sed 's/^ *//')"
        ;;
    esac
  done <tests/tools/gallery.txt
} >"$work/gallery.md"
rm -f docs/gallery/*.png
cp "$work/pictures/"*.png docs/gallery/
cp "$work/gallery.md" docs/gallery.md
echo "docs/gallery.md: $(find docs/gallery -name '*.png' | wc -l) figures, $(du -sk docs/gallery | cut -f1) kB"
exit "$missing"
