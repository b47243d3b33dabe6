/** The script that applies both Jobs in order; begun again, it goes on where it was. */
export function submitScript({ shards, merge }: { shards: string; merge: string }): string {
  return `#!/usr/bin/env bash
# The shards, and when all are complete their merge:  ./submit.sh [OPTION OF KUBECTL…]   such as --namespace NAME
# It only watches what it has applied: stopped and begun again, it goes on.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"

# Wait for a Job's end. kubectl wait would wait for ever where a Job fails and its success is what is waited for.
until_over() {
  local job=$1 state before=''
  shift
  while :; do
    state=$(kubectl get "$@" "job/$job" --output 'jsonpath={.status.succeeded} pods succeeded, {.status.active} active, {.status.failed} failed {.status.conditions[?(@.status=="True")].type}')
    [ "$state" = "$before" ] || echo "$job: $state"
    before=$state
    case " $state " in
      *' Complete '*) return 0 ;;
      *' Failed '*)
        echo "$job has failed: kubectl describe job/$job, kubectl logs job/$job. To go on with what is finished: kubectl delete job/$job, then this script again." >&2
        return 1
        ;;
    esac
    sleep 5
  done
}

kubectl apply "$@" --filename shards.yaml
until_over ${shards} "$@"
kubectl apply "$@" --filename merge.yaml
until_over ${merge} "$@"
kubectl logs "$@" job/${merge}
`
}
