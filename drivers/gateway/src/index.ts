export { GatewayImageError, GatewayLinkError, type GatewayLinkErrorCode } from './errors.ts';
export { createFrameDecoder, encodeFrame, type FrameDecoder, type FrameEvents, HEADER_BYTES } from './frame.ts';
export { Manifest, manifestText, measurementOf } from './image/manifest.ts';
export { Release, readRelease, releaseText } from './image/release.ts';
export { CURRENT_IMAGE, type GatewayImage, IMAGE_FILES, verifyGatewayImage } from './image/verify.ts';
export { type GatewayLink, type LinkOptions, openGatewayLink } from './link.ts';
