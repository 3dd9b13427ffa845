#!/usr/bin/env bash
# The lab on a cluster, one run per array task: apps/lab/slurm.sh [--quick] [NAME …]
# Needs the apps built (./run train --help) and the data found from here; then ./run lab makes the report.
set -euo pipefail
results=${LAB_RESULTS:-lab-results}
lines=$results/full.jsonl
case " $* " in *' --quick '*) lines=$results/quick.jsonl ;; esac
if [ -z "${SLURM_ARRAY_TASK_ID-}" ]; then
  mkdir -p "$results/parts"
  build/apps/lab jobs "$@" --results "$lines" >"$results/jobs"
  count=$(wc -l <"$results/jobs")
  [ "$count" -gt 0 ] || { echo "Nothing is missing"; exit 0; }
  sbatch --wait --array="1-$count" --cpus-per-task=1 --output=/dev/null "$0" "$@"
  cat "$results"/parts/*.jsonl | build/apps/lab collect "$@" --results "$lines"
  rm -r "$results/parts"
else
  job=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$results/jobs")
  OMP_NUM_THREADS=1 bash -c "$job" >"$results/parts/$SLURM_ARRAY_TASK_ID.jsonl"
fi
