import type { DnsMessage } from './dns.ts';
import { type PacketTuple, turned } from './packet.ts';

/** A question about a name, with its answer if there was one. */
export interface Question {
  readonly vlan: number | null;
  /** From who asked to whom. */
  readonly tuple: PacketTuple;
  readonly atMs: number;
  readonly name: string;
  readonly type: number;
  /** Null when nobody answered. */
  readonly code: number | null;
  readonly answers: readonly string[];
}

/** Puts questions and answers together. */
export interface Questions {
  hear(vlan: number | null, tuple: PacketTuple, message: DnsMessage, atMs: number): void;
  /** Tells of questions that nobody has answered for long. */
  sweep(nowMs: number): void;
}

const PATIENCE_MS = 5_000;
const MAX_OPEN = 4_096;

export function createQuestions(tell: (question: Question) => void): Questions {
  /** In the order in which they were asked. */
  const open = new Map<string, Question>();
  return {
    hear(vlan, packet, message, atMs) {
      const { id, name, type, code, answers, isAnswer } = message;
      const tuple = isAnswer ? turned(packet) : packet;
      const key = `${vlan} ${tuple.srcIp} ${tuple.srcPort} ${tuple.dstIp} ${id} ${type} ${name.toLowerCase()}`;
      if (isAnswer) {
        const asked = open.get(key);
        open.delete(key);
        tell({ vlan, tuple, name, type, atMs: asked?.atMs ?? atMs, code, answers });
        return;
      }
      // Asked again: the first time counts.
      if (!open.has(key)) open.set(key, { vlan, tuple, name, type, atMs, code: null, answers: [] });
      if (open.size <= MAX_OPEN) return;
      const [oldest, question] = open.entries().next().value!;
      open.delete(oldest);
      tell(question);
    },
    sweep(nowMs) {
      for (const [key, question] of open) {
        if (nowMs - question.atMs < PATIENCE_MS) break;
        open.delete(key);
        tell(question);
      }
    },
  };
}
