import { LibvirtError, remoteErrorCode } from '../errors.ts';
import { messageError } from '../gen/net.ts';
import type { XdrReader } from '../xdr/reader.ts';

/** `virErrorNumber` (virterror.h). */
const VIR_ERR_INTERNAL_ERROR = 1;
const VIR_ERR_NO_SUPPORT = 3;
const VIR_ERR_RPC = 39;

/**
 * How a daemon says that it is older than what it was asked for: a general error whose text is the only thing that
 * tells. libvirt's own client reads the first likewise (virnetclientprogram.c).
 */
const TOO_OLD = [
  { code: VIR_ERR_RPC, message: /^(unknown procedure|Cannot find program)/ },
  { code: VIR_ERR_INTERNAL_ERROR, message: /unsupported (network |storage pool |secret )?event ID/ },
];

/** Decodes the payload of a failed call. */
export function readRemoteError(payload: XdrReader, procedureName: string): LibvirtError {
  const { code, domain, level, message } = messageError.read(payload);
  const tooOld = TOO_OLD.some((known) => known.code === code && known.message.test(message ?? ''));
  const number = tooOld ? VIR_ERR_NO_SUPPORT : code;
  return new LibvirtError(remoteErrorCode(number), `${procedureName}: ${message ?? 'unknown error'}`, {
    remote: { number, domain, level },
  });
}
