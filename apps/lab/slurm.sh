#!/usr/bin/env bash
# The lab on a cluster, one run per array task: apps/lab/slurm.sh [--quick] [NAME …]
# Needs the apps built (./run train --help) and the data found from here; then ./run lab makes the report.
set -euo pipefail
results=${LAB_RESULTS:-lab-results}
kind=full
case " $* " in *' --quick '*) kind=quick ;; esac
lines=$results/$kind.jsonl parts=$results/parts-$kind
if [ -n "${SLURM_ARRAY_TASK_ID-}" ]; then
  OMP_NUM_THREADS=1 bash -c "$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$parts/jobs")" \
    >"$parts/$SLURM_ARRAY_TASK_ID.part" 2>"$parts/$SLURM_ARRAY_TASK_ID.log"
  mv "$parts/$SLURM_ARRAY_TASK_ID.part" "$parts/$SLURM_ARRAY_TASK_ID.jsonl" # whole
  exit
fi
collect() { # what finished tasks left, also those of a call before this one
  find "$parts" -name '*.jsonl' -exec cat {} + | build/apps/lab collect "$@" --results "$lines"
  find "$parts" -name '*.jsonl' -delete
}
mkdir -p "$parts"
collect "$@"
build/apps/lab jobs "$@" --results "$lines" >"$parts/jobs"
count=$(wc -l <"$parts/jobs")
[ "$count" -gt 0 ] || { echo "Nothing is missing"; exit 0; }
failed=0
sbatch --wait --array="1-$count" --cpus-per-task=1 --output=/dev/null "$0" "$@" || failed=1
collect "$@"
[ $failed -eq 0 ] || { echo "Some tasks failed: see $parts/*.log" >&2; exit 1; }
