import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'

/** Programs of Debian's package slurm-wlm. */
const PROGRAMS = ['slurmctld', 'slurmd', 'sbatch', 'scontrol', 'squeue', 'scancel']

/** Which of Slurm's programs are missing here. */
export async function missingOfSlurm() {
  const found = await Promise.all(
    PROGRAMS.map((name) => execa('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${name}`], { reject: false })),
  )
  return PROGRAMS.filter((_, at) => found[at].exitCode !== 0)
}

/** A controller and a node of Slurm on this machine, in a folder of their own; as root. Its programs find it by the variables `env`. */
export async function startLocalSlurm({ folder, cpus }) {
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name), { recursive: true })
  const { stdout: host } = await execa('hostname', ['-s'])
  const [controllerPort, nodePort] = [await freePort(), await freePort()]
  const file = join(folder, 'slurm.conf')
  writeFileSync(
    file,
    `ClusterName=local
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
AuthInfo=cred_expire=10
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=1,requeue_setup_env_fail
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=65536 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`,
  )
  const env = { SLURM_CONF: file, PATH: `${process.env.PATH}:/usr/sbin` }
  const start = (name) => execa(name, ['-D', '-f', file], { env, reject: false, all: true })
  const daemons = [start('slurmctld'), start('slurmd')]
  const slurm = {
    env,
    run: (name, ...args) => execa(name, args, { env, reject: false, all: true }),
    async stop() {
      await slurm.run('scancel', '--full', '--user', 'root')
      await sleep(1_000)
      for (const daemon of daemons.toReversed()) daemon.kill('SIGTERM')
      await Promise.race([Promise.all(daemons), sleep(15_000)])
      for (const daemon of daemons) daemon.kill('SIGKILL')
      await Promise.all(daemons)
    },
  }
  for (let waited = 0; ; waited += 1) {
    const { stdout } = await slurm.run('sinfo', '--noheader', '--format', '%T')
    if (stdout.trim() === 'idle') return slurm
    if (waited > 60) {
      const logs = ['slurmctld.log', 'slurmd.log'].map((name) => join(folder, name))
      await slurm.stop()
      throw new Error(
        `Slurm did not start: ${logs.map((log) => (existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : '')).join('\n')}`,
      )
    }
    await sleep(1_000)
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
