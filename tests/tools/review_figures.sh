#!/usr/bin/env bash
# Draws the reference figures anew, says which do not look as they did, and lays old and new side by side on a page.
#   tests/tools/review_figures.sh [--build DIR] [--old DIR] [--accept]
# --build DIR  the build whose program draws (default build/release); its pictures are kept in DIR/figures-review
# --old DIR    pictures to compare with (default: those that were accepted last in this build folder), for example
#              OTHER/figures-review/new of a build of an earlier revision
# --accept     the new digests become tests/golden/figures/digests.txt, and the new pictures the accepted ones
# Ends with 0 when nothing differs or all was accepted, with 1 when there is something to look at.
# One more figure is one more entry at the end of tests/unit/reference_figures.h.
set -euo pipefail

here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=build/release old='' accept=no
while [ $# -gt 0 ]; do
  case "$1" in
    --build | --old)
      [ $# -ge 2 ] || { echo "review_figures.sh: $1 wants a folder" >&2; exit 64; }
      folder=$(cd "$here" && realpath -m -- "$2")
      if [ "$1" = --build ]; then build=$folder; else old=$folder; fi
      shift
      ;;
    --accept) accept=yes ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "review_figures.sh: unknown option '$1' (try --help)" >&2; exit 64 ;;
  esac
  shift
done
[ -z "$old" ] || [ -d "$old" ] || { echo "review_figures.sh: $old: there is no such folder" >&2; exit 66; }
[ -f "$build/build.ninja" ] || {
  echo "review_figures.sh: $build is no build folder; make it first: cmake --preset release" >&2
  exit 66
}

golden=tests/golden/figures/digests.txt
review=$build/figures-review
old=${old:-$review/accepted}
new=$review/new
cmake --build "$build" --target test_figures_reference >"$build/figures-review.log" 2>&1 || {
  tail -n 20 "$build/figures-review.log" >&2
  exit 1
}
rm -rf "$new"
mkdir -p "$new"
program=$(find "$build" -maxdepth 2 -type f -name test_figures_reference | head -n 1)
"$program" --draw "$new"
touch "$golden"

# lines KIND FILE: the lines of a kind, sorted.
lines() {
  sed -n "s/^$1 //p" "$2" | sort
}

changed=$(comm -3 <(lines figure "$golden") <(lines figure "$new/digests.txt") | awk '{print $1}' | sort -u)
elsewhere=$(comm -13 <(lines with "$golden") <(lines with "$new/digests.txt"))
is_kept=no
if [ -f "$old/digests.txt" ] && cmp -s <(lines figure "$golden") <(lines figure "$old/digests.txt"); then
  is_kept=yes
fi

# cell FOLDER NAME: the picture, or that there is none.
cell() {
  if [ -f "$1/$2.png" ]; then
    printf '<td><img src="%s" alt="%s"></td>' "$(realpath --relative-to="$review" "$1/$2.png")" "$2"
  else
    printf '<td>there is no picture of it here</td>'
  fi
}

{
  echo '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Reference figures</title><style>'
  echo 'body{font-family:sans-serif;background:#eee}table{border-collapse:collapse}td{vertical-align:top;padding:.5rem}'
  echo 'img{width:30rem;background:#fff}.both{position:relative}.both img+img{position:absolute;left:0;top:0;'
  echo 'mix-blend-mode:difference}</style></head><body><h1>Reference figures</h1>'
  [ "$is_kept" = yes ] || echo '<p>The old pictures are not those of the digests in the repository.</p>'
  [ -z "$elsewhere" ] || echo '<p>The digests in the repository were made with other libraries or fonts.</p>'
  echo '<table><tr><th>old</th><th>new</th><th>difference (black: none)</th></tr>'
  for name in $changed; do
    echo "<tr><th colspan=\"3\">$name</th></tr><tr>"
    cell "$old" "$name"
    cell "$new" "$name"
    if [ -f "$old/$name.png" ] && [ -f "$new/$name.png" ]; then
      printf '<td><div class="both">'
      for folder in "$old" "$new"; do
        printf '<img src="%s" alt="">' "$(realpath --relative-to="$review" "$folder/$name.png")"
      done
      printf '</div></td>'
    fi
    echo '</tr>'
  done
  echo '</table>'
  [ -n "$changed" ] || echo '<p>Nothing differs.</p>'
  echo '</body></html>'
} >"$review/index.html"

if [ -n "$elsewhere" ]; then
  echo 'Drawn with something else than the digests in the repository:'
  while read -r line; do echo "  $line"; done <<<"$elsewhere"
fi
for name in $(lines figure "$new/digests.txt" | awk '{print $1}' | sort -u); do
  if grep -qx "$name" <<<"$changed"; then
    echo "changed  $name"
  else
    echo "same     $name"
  fi
done
for name in $changed; do
  grep -q "^figure $name " "$new/digests.txt" || echo "gone     $name"
done
if [ "$accept" = yes ]; then
  rm -rf "$review/accepted"
  cp -r "$new" "$review/accepted"
  cp "$new/digests.txt" "$golden"
  echo "accepted: $golden"
elif [ -n "$changed" ]; then
  echo "look at $review/index.html; then tests/tools/review_figures.sh --accept"
  exit 1
elif [ "$is_kept" = no ]; then
  rm -rf "$review/accepted" # they are the accepted ones, drawn again
  cp -r "$new" "$review/accepted"
fi
