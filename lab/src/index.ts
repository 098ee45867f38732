export type { Attack, AttackContext, AttackResult, Cast, PolicyHooks } from './attack.ts';
export { everyHostEnforces } from './cloud/engines.ts';
export { ensureGateways, gatewaysUp, inspectRule } from './cloud/gateways.ts';
export { readOptions as readCloudOptions } from './cloud/options.ts';
export { cloudUp, labClient } from './cloud/up.ts';
export { labCommand } from './commands.ts';
export { demoCloud } from './demo.ts';
export { labDown } from './down.ts';
export { LabError, type LabErrorCode } from './errors.ts';
export { udpFrame } from './frames.ts';
export {
  type GatewayVm,
  gatewayVms,
  holdGateway,
  killGateway,
  releaseGateway,
  steeredPackets,
} from './gateway-vms.ts';
export { virsh } from './host/libvirt.ts';
export { type HostPaths, hostPaths, type Lab, type LabLocation, labState, locateLab } from './lab.ts';
export { type Lack, preflight } from './preflight.ts';
export { liveProtections, openSwitches, statefulOnly } from './protections.ts';
export { runInHost, runInHostOk, type Spawned, type SpawnOptions, spawnInHost, spawnRoot } from './spawn.ts';
export { type HostStatus, type LabStatus, labStatus, type ProcessStatus, type VmStatus } from './status.ts';
export type { OnStep, Step } from './steps.ts';
export { startInGuest } from './tools.ts';
export { type LabPlan, labUp } from './up.ts';
export { type Outcome, type Protections, type VerifyOptions, type VerifyRow, verify } from './verify.ts';
export type { GuestExecOptions, GuestResult } from './vm/channel.ts';
export { addressOf, type VmRequest, type VmSpec } from './vm/spec.ts';
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
export { waitFor } from './wait.ts';
export { policyOf as gatewayPolicyOf } from './wire/gateway-policy.ts';
export { type GatewayWire, startGatewayWire } from './wire/gateway-wire.ts';
export { ENDS as WIRE_ENDS, startVmWire, type VmWire } from './wire/vm-wire.ts';
