import type { Alert, AlertCode, Id, NotifiedEvent, ResponseAnswer, Severity } from '@hypervigil/model';

interface Envelope {
  /** The same at every try. */
  readonly id: Id;
  readonly route: string;
  /** When it came to be told, ISO 8601. */
  readonly at: string;
}

export interface Question {
  readonly text: string;
  readonly answer?: ResponseAnswer;
  /** Beside the answer. */
  readonly said?: string;
}

/** An alert as the route's owner may know it, as it was when it came to be told. */
export interface AlertMessage extends Envelope {
  readonly event: NotifiedEvent;
  readonly alert: Alert;
  readonly tenant: { readonly id: Id; readonly name: string } | null;
  /** What the tenant is asked, and has answered. */
  readonly question?: Question;
  /** Where the console shows it. */
  readonly link: string;
}

/** Alerts of one kind and severity that the limit of the destination held back. */
export interface DigestPart {
  readonly code: AlertCode;
  readonly severity: Severity;
  readonly count: number;
}

export interface DigestMessage extends Envelope {
  readonly event: 'digest';
  readonly count: number;
  readonly parts: readonly DigestPart[];
  readonly from: string;
  readonly to: string;
  readonly perHour: number;
  readonly link: string;
}

export interface TestMessage extends Envelope {
  readonly event: 'test';
  readonly link: string;
}

export type Message = AlertMessage | DigestMessage | TestMessage;

export const isAlert = (message: Message): message is AlertMessage => 'alert' in message;

/** What programs call what a message tells: in its head and in its body. */
export const eventName = (message: Message): string => (isAlert(message) ? `alert.${message.event}` : message.event);

/** The alert as its own tenant may know it: of VMs that are not the tenant's, an address. */
export const cutForTenant = <A extends Pick<Alert, 'peers'>>(alert: A, tenantId: Id): A => ({
  ...alert,
  peers: alert.peers.map((peer) => (peer.tenantId === tenantId ? peer : { ip: peer.ip, vmId: null, tenantId: null })),
});
