import type { PolicyFinding, PolicyPacket } from '@hypervigil/contract';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { protocolName } from '../ui/format.ts';
import { platform } from './client.ts';
import { policyStatusOptions } from './queries.ts';
import { useDenial } from './rights.ts';

/** As many as the platform gives at once. */
const LIMIT = 1000;
/** Analysis of so many rules takes the platform a moment; of more it may take minutes, so that a person asks for it. */
const AT_ONCE = 2000;
/** So long after the last change of the draft: nobody waits for the analysis of half a thought. */
const QUIET_MS = 1000;

const findingsOptions = (draftRevision: number) =>
  queryOptions({
    queryKey: ['policy-findings', draftRevision],
    queryFn: ({ signal }) => platform.analysePolicy({ query: { of: 'draft', limit: LIMIT } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });

export interface Findings {
  readonly items: readonly PolicyFinding[];
  readonly total: number;
  readonly byRule: ReadonlyMap<string, readonly PolicyFinding[]>;
  /** `asked-for`: nothing has been analysed, for it would take long. `old`: of a draft before this one. */
  readonly state: 'asked-for' | 'running' | 'old' | 'current' | 'failed';
  readonly error: unknown;
  readonly run: () => void;
}

/** What is wrong with the rules of the draft: found by itself after each change of a small one, on demand of a large one. */
export function useFindings(rules: number): Findings {
  const { data: status } = useQuery(policyStatusOptions);
  const revision = useQuiet(status?.draftRevision);
  const mayAnalyse = useDenial('policy:analyse') === undefined;
  const enabled = mayAnalyse && revision !== undefined && rules <= AT_ONCE;
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    ...findingsOptions(revision ?? 0),
    enabled,
  });
  const current = revision === status?.draftRevision && !isPlaceholderData;
  return useMemo(() => {
    const items = data?.items ?? [];
    return {
      items,
      total: data?.total ?? 0,
      byRule: Map.groupBy(items, ({ rule }) => rule.id),
      state: isFetching
        ? 'running'
        : error !== null
          ? 'failed'
          : data === undefined
            ? 'asked-for'
            : current
              ? 'current'
              : 'old',
      error,
      run: () => void refetch(),
    };
  }, [data, error, isFetching, current, refetch]);
}

/** The value as it was when it last rested. */
function useQuiet<T>(value: T): T {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), quiet === undefined ? 0 : QUIET_MS);
    return () => clearTimeout(timer);
  }, [value, quiet]);
  return quiet;
}

/** `10.0.0.1 → 10.0.0.2 tcp/443`. */
export const packetText = ({ src, dst, protocol, port, icmpType, icmpCode }: PolicyPacket): string =>
  `${src} → ${dst} ${[protocolName(protocol), port, icmpType, icmpCode].filter((part) => part !== null).join('/')}`;

/** The service of a packet, as questions write it. */
export const packetService = ({
  protocol,
  port,
  icmpType,
}: Pick<PolicyPacket, 'protocol' | 'port' | 'icmpType'>): string =>
  [protocolName(protocol), port ?? icmpType].filter((part) => part !== null).join('/');

export interface Question {
  readonly of: 'draft' | 'published';
  readonly from: string;
  readonly to: string;
  readonly service: string;
}

const reachOptions = ({ service, ...question }: Question) =>
  queryOptions({
    queryKey: ['policy', 'reach', question, service],
    queryFn: ({ signal }) =>
      platform.reachPolicy({ query: { ...question, ...(service === '' ? {} : { service }) } }, { signal }),
  });
export const useReach = (question: Question | undefined) =>
  useQuery({
    ...reachOptions(question ?? { of: 'draft', from: 'anyone', to: 'anyone', service: '' }),
    enabled: question !== undefined,
  });

export interface MatrixQuestion extends Pick<Question, 'of' | 'service'> {
  /** By their ids; undefined for the first ones by name. */
  readonly groups: readonly string[] | undefined;
}

const matrixOptions = ({ of, service, groups }: MatrixQuestion) =>
  queryOptions({
    queryKey: ['policy', 'matrix', of, service, groups],
    queryFn: ({ signal }) =>
      platform.policyMatrix(
        { query: { of, ...(service === '' ? {} : { service }), ...(groups && { groups: groups.join() }) } },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
export const useMatrix = (question: MatrixQuestion, enabled: boolean) =>
  useQuery({ ...matrixOptions(question), enabled });
