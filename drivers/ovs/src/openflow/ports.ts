/** Reserved port numbers, in the 16 bits of OpenFlow 1.0 that Open vSwitch uses inside and in Nicira's actions. */
const reserved: Readonly<Record<string, number>> = {
  UNSET: 0xfff7,
  IN_PORT: 0xfff8,
  TABLE: 0xfff9,
  NORMAL: 0xfffa,
  FLOOD: 0xfffb,
  ALL: 0xfffc,
  CONTROLLER: 0xfffd,
  LOCAL: 0xfffe,
  ANY: 0xffff,
  NONE: 0xffff,
};

const firstReserved = 0xff00;
export const inPort = 0xfff8;
export const controllerPort = 0xfffd;
export const maxPort = 0xffff;

/** A number or a reserved name in any case. */
export function parsePort(text: string): number | undefined {
  if (/^\d{1,5}$/.test(text)) return Number(text) <= maxPort ? Number(text) : undefined;
  return reserved[text.toUpperCase()];
}

export function formatPort(port: number): string {
  const name = Object.entries(reserved).find(([, number]) => number === port)?.[0];
  return name ?? String(port);
}

export function isReserved(port: number): boolean {
  return port >= firstReserved;
}

/** OpenFlow 1.1 and later have 32 bits, with the reserved ports at the end. */
export function widenPort(port: number): number {
  return port >= firstReserved ? port + 0xffff_0000 : port;
}

export function narrowPort(port: number): number {
  return port >= 0xffff_ff00 ? port - 0xffff_0000 : port;
}
