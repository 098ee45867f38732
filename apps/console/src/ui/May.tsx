import type { Permission } from '@hypervigil/model';
import type { ReactNode } from 'react';
import { useDenial } from '../data/rights.ts';

interface Props {
  readonly permission: Permission;
  readonly children: ReactNode;
}

/** What is offered only to those who may, like the way to a page. */
export function May({ permission, children }: Props) {
  return useDenial(permission) === undefined ? children : null;
}
