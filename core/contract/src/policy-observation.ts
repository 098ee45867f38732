import { Instant } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { PolicyStatus } from './policies.ts';
import { Named, NamedRule } from './policy-analysis.ts';
import { days, Judged, Sum, Talk } from './policy-flows.ts';

/** `published`, or the number of a revision. */
const RevisionText = z.string().trim().min(1).max(10).default('published');

const HostProgress = z.object({
  host: Named,
  online: z.boolean(),
  /**
   * `confirmed`: it enforces, or enforced, the revision; `refused`: it could not, says why, and keeps the last that it could;
   * `waiting`: it has said nothing; `skipped`: it has confirmed a later one and never this one.
   */
  state: z.enum(['confirmed', 'refused', 'waiting', 'skipped']),
  confirmedAt: Instant.nullable(),
  /** Of the last refusal, also where it was confirmed after that. */
  refusedAt: Instant.nullable(),
  error: z.string().nullable(),
});

export const PublishProgress = z.object({
  revision: z.int(),
  publishedAt: Instant,
  publishedBy: z.string(),
  comment: z.string(),
  /** By which it was replaced. */
  nextRevision: z.int().nullable(),
  hosts: z.array(HostProgress),
});
export type PublishProgress = z.infer<typeof PublishProgress>;

export const ObservedTurn = Talk.extend({
  /** The last word before the revision was published, and of which revision it was. */
  before: Judged.extend({ revision: z.int() }),
  /** The last word since. */
  now: Judged.extend({ revision: z.int() }),
});
export type ObservedTurn = z.infer<typeof ObservedTurn>;

export const PolicyObservation = z.object({
  ...PublishProgress.shape,
  /** What was said before is looked at from here on; null when nothing is recorded of the time before. */
  from: Instant.nullable(),
  /** What happened since: until now, or until the next revision was published. */
  to: Instant,
  /** What passed before and is denied now first, then what was denied and passes; the most frequent first. */
  items: z.array(ObservedTurn),
  denied: Sum,
  allowed: Sum,
  /** Rules that decided something since, and nothing before; in the order of decision. */
  firstHits: z.array(z.object({ rule: NamedRule, flows: z.int(), bytes: z.int(), lastAt: Instant })),
  /** There was more than the 100,000 most frequent that are looked at. */
  truncated: z.boolean(),
});
export type PolicyObservation = z.infer<typeof PolicyObservation>;

export const policyObservation = defineEndpoints({
  getPublishProgress: {
    method: 'GET',
    path: '/api/v1/policy/progress',
    summary: 'Which hosts confirmed a revision and when, and which refused it and why',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({ revision: RevisionText }),
    response: PublishProgress,
  },
  observePolicy: {
    method: 'GET',
    path: '/api/v1/policy/observation',
    summary:
      'What a revision did: traffic denied or allowed since it was published and not before, rules hit for the first time',
    caller: 'person',
    permission: 'policy:analyse',
    query: z.object({
      revision: RevisionText,
      /** How far back before the publishing. */
      days,
      limit: z.coerce.number().int().min(1).max(5000).default(500),
    }),
    response: PolicyObservation,
  },
  rollBackPolicy: {
    method: 'POST',
    path: '/api/v1/policy/roll-back',
    summary: 'Publish at once what a revision was: the one before the last, if none is named',
    caller: 'person',
    permission: 'policy:rewrite',
    body: z.strictObject({
      revision: z.int().min(0).optional(),
      draftRevision: z.int().min(0),
      /** The draft becomes what is published again; what else it changes is lost only if that is said. */
      discardDraft: z.boolean().default(false),
      comment: z.string().max(500).default(''),
      override: z.string().trim().min(1).max(500).optional(),
    }),
    response: PolicyStatus.extend({ skipped: z.array(z.string()) }),
  },
});
