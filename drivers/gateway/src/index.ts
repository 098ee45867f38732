export { GatewayLinkError, type GatewayLinkErrorCode } from './errors.ts';
export { createFrameDecoder, encodeFrame, type FrameDecoder, type FrameEvents, HEADER_BYTES } from './frame.ts';
export { type GatewayLink, type LinkOptions, openGatewayLink } from './link.ts';
