const SECONDS_BETWEEN = 5
/** After so many questions in a row without an answer nothing more is asked: five minutes. */
const MOST_UNANSWERED = 60

/** The script that applies both Jobs in order; begun again, it goes on where it was. */
export function submitScript({ shards, merge }: { shards: string; merge: string }): string {
  return `#!/usr/bin/env bash
# The shards, and when all are complete their merge:  ./submit.sh [OPTION OF KUBECTL…]   such as --namespace NAME
# It only watches what it has applied: stopped and begun again, it goes on.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"

# Set state to what a Job says of itself; empty where there is no such Job.
ask() {
  local job=$1 unanswered=0
  shift
  until state=$(kubectl get "$@" "job/$job" --ignore-not-found --output 'jsonpath={.status.succeeded} pods succeeded, {.status.active} active, {.status.failed} failed {.status.conditions[?(@.status=="True")].type}'); do
    unanswered=$((unanswered + 1))
    if [ "$unanswered" -ge ${MOST_UNANSWERED} ]; then
      echo "$job: expected an answer of the cluster, got none in ${MOST_UNANSWERED} tries. What runs goes on; this script again watches it." >&2
      exit 1
    fi
    sleep ${SECONDS_BETWEEN}
  done
}

# Wait for a Job's end. kubectl wait would wait for ever where a Job fails and its success is what is waited for.
until_over() {
  local job=$1 before=''
  while :; do
    ask "$@"
    [ "$state" = "$before" ] || echo "$job: \${state:-is not there}"
    before=$state
    case " $state " in
      *' Complete '*) return 0 ;;
      *' Failed '*)
        echo "$job has failed: kubectl describe job/$job, kubectl logs job/$job." >&2
        return 1
        ;;
      '  ')
        echo "$job: expected it to run, but somebody has deleted it." >&2
        return 1
        ;;
    esac
    sleep ${SECONDS_BETWEEN}
  done
}

kubectl apply "$@" --filename shards.yaml
if ! until_over ${shards} "$@"; then
  echo "To go on with what is finished: kubectl delete job/${shards}, then this script again." >&2
  exit 1
fi

# A merge that is over was that of earlier shards, or has failed.
ask ${merge} "$@"
case " $state " in
  *' Complete '* | *' Failed '*) kubectl delete "$@" job/${merge} ;;
esac
kubectl apply "$@" --filename merge.yaml
if ! until_over ${merge} "$@"; then
  kubectl logs "$@" job/${merge} >&2
  exit 1
fi
kubectl logs "$@" job/${merge}
`
}
