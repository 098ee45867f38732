import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import type { Token } from '../../data/rule-tokens.ts';
import type { TokenOption } from './TokenEditor.tsx';

type Named = Exclude<Token['kind'], 'cidr' | 'service'>;

/** What there is to pick from, and what what is picked is called. */
export function useTokenNames(kinds: readonly Named[]) {
  const { t } = useTranslation();
  const of = {
    group: useCollection('groups'),
    tenant: useCollection('tenants'),
    addressSet: useCollection('addressSets'),
    namedService: useCollection('namedServices'),
  };
  const nameOf = ({ kind, id }: Token): string =>
    kind === 'cidr' || kind === 'service' ? id : (of[kind].byId.get(id)?.name ?? id.slice(0, 8));
  const options = kinds.flatMap((kind) =>
    of[kind].items.map(
      ({ id, name }): TokenOption => ({
        key: `${kind} ${id}`,
        name,
        ...(kinds.length > 1 && { kind: t(`cell.kinds.${kind}`) }),
        token: { kind, id },
      }),
    ),
  );
  return { options, nameOf };
}
