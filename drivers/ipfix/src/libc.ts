import koffi from 'koffi';

/** Memory outside of JavaScript's heap, whose address the kernel can be given. */
interface NativeMemory {
  readonly address: bigint;
  readonly view: Uint8Array;
  free(): void;
}

/** The few calls of the C library that a batch of datagrams takes. Failing ones return −1 and set {@link Libc.errno}. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, option: number, value: Uint8Array, length: number): number;
  /** `messages` is an address of mmsghdr structures (recvmmsg(2)). */
  recvmmsg(fd: number, messages: bigint, count: number, flags: number, timeout: null): number;
  close(fd: number): number;
  errno(): number;
  allocate(octets: number): NativeMemory;
}

export function loadLibc(): Libc {
  const library = koffi.load('libc.so.6');
  const calloc = library.func('void *calloc(size_t count, size_t size)');
  const free = library.func('void free(void *block)');
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    bind: library.func('int bind(int fd, const void *address, uint32_t length)'),
    getsockname: library.func('int getsockname(int fd, _Out_ void *address, _Inout_ void *length)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int option, const void *value, uint32_t length)'),
    recvmmsg: library.func('int recvmmsg(int fd, void *messages, uint32_t count, int flags, void *timeout)'),
    close: library.func('int close(int fd)'),
    errno: () => koffi.errno(),
    allocate(octets) {
      const block: unknown = calloc(1, octets);
      return {
        address: koffi.address(block),
        view: new Uint8Array(koffi.view(block, octets)),
        free: () => free(block),
      };
    },
  };
}
