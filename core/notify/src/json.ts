import { alertText } from '@hypervigil/contract';
import { eventName, isAlert, type Message } from './message.ts';

/** Our own form, `version` 1: the alert as the API tells it, with its sentences in English. */
export function jsonOf(message: Message): object {
  const { id, route, at, link } = message;
  const head = { version: 1, id, event: eventName(message), at, route, link };
  if (isAlert(message)) {
    const { alert, tenant, question } = message;
    return { ...head, alert: { ...alert, text: alertText('en', alert) }, tenant, ...(question && { question }) };
  }
  if (message.event === 'test') return head;
  const { count, parts, from, to, perHour } = message;
  return { ...head, count, parts, from, to, perHour };
}
