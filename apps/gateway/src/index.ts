export { GatewayError, type GatewayErrorCode } from './errors.ts';
export { type BuildOptions, type BuiltImage, buildGateway } from './image/build.ts';
export { type CpioEntry, cpio } from './image/cpio.ts';
export { guestKernelPackages, loadOrder } from './image/kernel.ts';
export { recipeKey } from './image/recipe-key.ts';
