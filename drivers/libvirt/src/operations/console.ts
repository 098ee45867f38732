import { LibvirtError } from '../errors.ts';
import * as remote from '../gen/remote.ts';
import type { LibvirtStream } from '../rpc/stream.ts';
import type { DomainRef } from './refs.ts';
import type { Rpc } from './rpc.ts';

/** virDomainConsoleFlags. */
const CONSOLE = { force: 1, safe: 2 } as const;

export function consoleOperations({ openStream }: Rpc) {
  return {
    /**
     * A serial console as a stream both ways: the first, or the one of an alias such as `serial0`. `force` takes it
     * from whoever has it open; `safe` refuses consoles that cannot be taken exclusively. Wait for the stream's `close`
     * before opening it again or ending the domain: where an abort meets either, libvirtd 9.0 stops for good
     * (virStreamAbort and virChrdevOpen take the same two locks in opposite order).
     */
    async openConsole(
      dom: DomainRef,
      options: { device?: string; force?: boolean; safe?: boolean } = {},
    ): Promise<LibvirtStream> {
      const flags = (options.force ? CONSOLE.force : 0) | (options.safe ? CONSOLE.safe : 0);
      return (await openStream(remote.domainOpenConsole, { dom, devName: options.device ?? null, flags })).stream;
    },
    /** A channel to the guest by its port's name; the daemon holds it open for one client. */
    async openChannel(dom: DomainRef, name: string, options: { force?: boolean } = {}): Promise<LibvirtStream> {
      const flags = options.force ? 1 : 0;
      return (await openStream(remote.domainOpenChannel, { dom, name, flags })).stream;
    },
    /** A picture of a screen; its bytes come from the stream. */
    async screenshot(dom: DomainRef, screen = 0): Promise<{ mimeType: string | null; stream: LibvirtStream }> {
      const { ret, stream } = await openStream(remote.domainScreenshot, { dom, screen, flags: 0 });
      return { mimeType: ret.mime, stream };
    },
    /**
     * libvirt hands a graphical console over as a file descriptor along with the socket's bytes (SCM_RIGHTS), which
     * this runtime cannot receive. Always rejects with `needs-descriptor-passing`; give the domain
     * `<listen type='socket'/>` and connect to that socket.
     */
    async openGraphicsFd(dom: DomainRef): Promise<never> {
      throw new LibvirtError(
        'needs-descriptor-passing',
        `the graphical console of ${dom.name} comes as a file descriptor: connect to its <listen type='socket'/>`,
      );
    },
  };
}
