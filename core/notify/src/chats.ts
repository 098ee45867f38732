import type { NotificationKind } from '@hypervigil/model';
import type { Hmac } from './signature.ts';
import type { MessageText } from './text.ts';

export type ChatKind = Extract<NotificationKind, 'dingtalk' | 'feishu' | 'wecom' | 'slack'>;

export interface ChatRequest {
  readonly url: string;
  readonly body: object;
}

/** With which a message is signed, where the group asks for it. */
interface Signing {
  readonly hmac: Hmac;
  readonly key: string | undefined;
  readonly nowMs: number;
}

interface Chat {
  readonly request: (text: MessageText, url: string, signing: Signing) => ChatRequest;
  /** Chats say 200 of what they do not take: whether the body of the answer says that it was taken. */
  readonly accepts: (answer: string) => boolean;
}

const whole = ({ title, lines, link }: MessageText): string => [title, ...lines, link].join('\n');

/** The number of a field that tells success by 0. */
function isZero(answer: string, ...fields: readonly string[]): boolean {
  try {
    const parsed = JSON.parse(answer) as Record<string, unknown> | null;
    return fields.some((field) => parsed?.[field] === 0);
  } catch {
    return false;
  }
}

/** UTF-8 bytes that WeCom takes of a text; what is more is cut off at a character. */
const WECOM_BYTES = 2048;
function cutBytes(text: string, bytes: number): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= bytes) return text;
  const { read } = encoder.encodeInto(text, new Uint8Array(bytes - 3));
  return `${text.slice(0, read)}…`;
}

/** All of them are given plain text, in which no name of a VM is a link, an image or a call to everybody. */
const CHATS: Readonly<Record<ChatKind, Chat>> = {
  /** DingTalk, custom robot: the signature is in the address. */
  dingtalk: {
    request(text, url, { hmac, key, nowMs }) {
      const target = new URL(url);
      if (key !== undefined) {
        target.searchParams.set('timestamp', String(nowMs));
        target.searchParams.set('sign', hmac(key, `${nowMs}\n${key}`, 'base64'));
      }
      return { url: target.href, body: { msgtype: 'text', text: { content: whole(text) } } };
    },
    accepts: (answer) => isZero(answer, 'errcode'),
  },
  /** Feishu and Lark, custom bot: moment and key together are the key, over nothing. In `text` an `<at>` would call people; in `post` it does not. */
  feishu: {
    request({ title, lines, link, open }, url, { hmac, key, nowMs }) {
      const timestamp = String(Math.floor(nowMs / 1000));
      const signed = key === undefined ? {} : { timestamp, sign: hmac(`${timestamp}\n${key}`, '', 'base64') };
      const content = [...lines.map((line) => [{ tag: 'text', text: line }]), [{ tag: 'a', text: open, href: link }]];
      const body = { ...signed, msg_type: 'post', content: { post: { zh_cn: { title, content } } } };
      return { url, body };
    },
    accepts: (answer) => isZero(answer, 'code', 'StatusCode'),
  },
  /** WeCom, group robot. */
  wecom: {
    request: (text, url) => ({
      url,
      body: { msgtype: 'text', text: { content: cutBytes(whole(text), WECOM_BYTES) } },
    }),
    accepts: (answer) => isZero(answer, 'errcode'),
  },
  /** Slack, incoming webhook: `plain_text` knows no mentions and no links; those in `text` are escaped. */
  slack: {
    request({ title, lines, link, open }, url) {
      const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
      const blocks = [
        { type: 'header', text: plain(title.slice(0, 150)) },
        { type: 'section', text: plain(lines.join('\n').slice(0, 3000)) },
        { type: 'context', elements: [{ type: 'mrkdwn', text: `<${inSlack(link)}|${inSlack(open)}>` }] },
      ];
      return { url, body: { text: inSlack(title), blocks } };
    },
    accepts: (answer) => answer.trim() === 'ok',
  },
};

const inSlack = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export const chatRequest = (
  kind: ChatKind,
  text: MessageText,
  { url, ...signing }: Signing & { readonly url: string },
): ChatRequest => CHATS[kind].request(text, url, signing);

export const chatAccepts = (kind: ChatKind, answer: string): boolean => CHATS[kind].accepts(answer);
