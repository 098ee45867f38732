import ffi from 'node:ffi';

/**
 * nDPI's public interface (ndpi_api.h of 4.2), as far as it needs no knowledge of its structures: what it found is read from
 * the JSON that it writes itself. Another version may have other functions under these names, so it is refused.
 */
const LIBRARY = 'libndpi.so.4.2';
const VERSION = /^4\.2\./;

const FUNCTIONS = {
  ndpi_revision: { arguments: [], return: 'pointer' },
  ndpi_init_detection_module: { arguments: ['uint32'], return: 'pointer' },
  ndpi_set_protocol_detection_bitmask2: { arguments: ['pointer', 'pointer'], return: 'void' },
  ndpi_finalize_initialization: { arguments: ['pointer'], return: 'void' },
  ndpi_detection_get_sizeof_ndpi_flow_struct: { arguments: [], return: 'uint32' },
  ndpi_flow_malloc: { arguments: ['uint64'], return: 'pointer' },
  ndpi_free_flow: { arguments: ['pointer'], return: 'void' },
  // struct ndpi_protocol: two protocols of 16 bit and a category of 32, which the System V ABI hands over in one register.
  ndpi_detection_process_packet: {
    arguments: ['pointer', 'pointer', 'pointer', 'uint16', 'uint64'],
    return: 'uint64',
  },
  ndpi_init_serializer: { arguments: ['pointer', 'uint32'], return: 'int32' },
  ndpi_term_serializer: { arguments: ['pointer'], return: 'void' },
  ndpi_dpi2json: { arguments: ['pointer', 'pointer', 'uint64', 'pointer'], return: 'int32' },
  ndpi_serializer_get_buffer: { arguments: ['pointer', 'pointer'], return: 'pointer' },
} as const;

/** Of 72 bytes in 4.2. */
const SERIALIZER_BYTES = 512;
const JSON_FORMAT = 2;
/** Of 64 bytes in 4.2: every protocol. */
const PROTOCOL_MASK_BYTES = 512;
const MAX_JSON_BYTES = 64 * 1024;

export interface Detection {
  /** Looks at the connection's next packet, from its IP header on; what is known by now, as nDPI's JSON. */
  look(packet: Buffer, atMs: number): string;
  end(): void;
}

export interface Ndpi {
  readonly version: string;
  begin(): Detection;
}

export function openNdpi(): Ndpi {
  const { functions: ndpi } = ffi.dlopen(LIBRARY, FUNCTIONS);
  const version = ffi.toString(ndpi.ndpi_revision()) ?? '';
  if (!VERSION.test(version)) throw new Error(`nDPI is ${version}; this program knows 4.2`);
  const module = ndpi.ndpi_init_detection_module(0);
  const all = Buffer.alloc(PROTOCOL_MASK_BYTES, 0xff);
  ndpi.ndpi_set_protocol_detection_bitmask2(module, ffi.getRawPointer(all));
  ndpi.ndpi_finalize_initialization(module);
  const size = ndpi.ndpi_detection_get_sizeof_ndpi_flow_struct();
  const serializer = Buffer.alloc(SERIALIZER_BYTES);
  const length = Buffer.alloc(4);

  function json(flow: bigint, protocol: bigint): string {
    const handle = ffi.getRawPointer(serializer);
    ndpi.ndpi_init_serializer(handle, JSON_FORMAT);
    try {
      ndpi.ndpi_dpi2json(module, flow, protocol, handle);
      const text = ndpi.ndpi_serializer_get_buffer(handle, ffi.getRawPointer(length));
      return ffi.toBuffer(text, Math.min(length.readUInt32LE(0), MAX_JSON_BYTES)).toString('utf8');
    } finally {
      ndpi.ndpi_term_serializer(handle);
    }
  }

  return {
    version,
    begin() {
      const flow = ndpi.ndpi_flow_malloc(BigInt(size));
      ffi.toBuffer(flow, size, false).fill(0);
      return {
        look(packet, atMs) {
          // A copy: a slice of a larger buffer would let a reader past its end see what is not the packet's.
          const bytes = Buffer.alloc(packet.length);
          packet.copy(bytes);
          const pointer = ffi.getRawPointer(bytes);
          const length = Math.min(bytes.length, 65_535);
          return json(flow, ndpi.ndpi_detection_process_packet(module, flow, pointer, length, BigInt(atMs)));
        },
        end: () => ndpi.ndpi_free_flow(flow),
      };
    },
  };
}
