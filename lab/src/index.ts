export type { Attack, AttackContext, AttackResult, Cast, PolicyHooks } from './attack.ts';
export { labCommand } from './commands.ts';
export { demoCloud } from './demo.ts';
export { labDown } from './down.ts';
export { LabError, type LabErrorCode } from './errors.ts';
export { virsh } from './host/libvirt.ts';
export { type HostPaths, hostPaths, type Lab, type LabLocation, labState, locateLab } from './lab.ts';
export { type Lack, preflight } from './preflight.ts';
export { liveProtections, openSwitches, statefulOnly } from './protections.ts';
export { runInHost, runInHostOk, type Spawned, type SpawnOptions, spawnInHost, spawnRoot } from './spawn.ts';
export { type HostStatus, type LabStatus, labStatus, type ProcessStatus, type VmStatus } from './status.ts';
export type { OnStep, Step } from './steps.ts';
export { type LabPlan, labUp } from './up.ts';
export { type Outcome, type Protections, type VerifyOptions, type VerifyRow, verify } from './verify.ts';
export type { GuestExecOptions, GuestResult } from './vm/channel.ts';
export type { VmRequest, VmSpec } from './vm/spec.ts';
export type { Service, Traffic, TrafficItem } from './vm/traffic.ts';
export {
  type CreatedVm,
  createVm,
  destroyVm,
  guestExec,
  guestOk,
  hostOf,
  interfaceIdOf,
  migrateVm,
  type PowerAction,
  powerState,
  powerVm,
} from './vm/vm.ts';
