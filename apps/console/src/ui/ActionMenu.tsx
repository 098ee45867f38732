import type { Permission } from '@hypervigil/model';
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { type ReactNode, useEffect, useState } from 'react';
import { type Subject, useDenials } from '../data/rights.ts';
import { MoreIcon } from './icons.tsx';

interface MenuAction {
  readonly label: string;
  readonly onSelect: () => void;
  /** Why it cannot be done now: the action stays visible and says so. */
  readonly disabledReason?: string | undefined;
  readonly permission?: Permission;
  readonly danger?: boolean;
  readonly icon?: ReactNode;
  /** What it comes to, where the word alone does not say it. */
  readonly description?: string;
}

interface Props {
  readonly label: string;
  readonly actions: readonly MenuAction[];
  /** What all of them take, unless one says what it takes itself. */
  readonly permission?: Permission;
  /** What all of them are done to. */
  readonly subject?: Subject;
  /** A word on the button; without it the button is three dots. */
  readonly text?: string;
  /** In place of the three dots. */
  readonly icon?: ReactNode;
  /** In a table whose cells are reached by arrow keys, not by Tab. */
  readonly inGrid?: boolean;
  readonly initiallyOpen?: boolean;
}

export function ActionMenu({ label, actions: given, permission, subject, ...look }: Props) {
  const { text, icon = <MoreIcon />, inGrid = false, initiallyOpen = false } = look;
  const denial = useDenials();
  const actions = given.map((action) => {
    const needed = action.permission ?? permission;
    const disabledReason = (needed && denial(needed, subject)) ?? action.disabledReason;
    return { ...action, disabledReason };
  });
  const [open, setOpen] = useState(false);
  // In the next frame: the press that asked for it is over by then, and does not close it again.
  useEffect(() => {
    if (!initiallyOpen) return undefined;
    const frame = requestAnimationFrame(() => setOpen(true));
    return () => cancelAnimationFrame(frame);
  }, [initiallyOpen]);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'end', preventOverflow: true }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant={text === undefined ? 'plain' : 'secondary'}
          isExpanded={open}
          onClick={() => setOpen(!open)}
          {...(inGrid ? { tabIndex: -1 } : {})}
          {...(text === undefined ? { 'aria-label': label, title: label, icon } : {})}
        >
          {text}
        </MenuToggle>
      )}
    >
      <DropdownList>
        {actions.map((action) => (
          <DropdownItem
            key={action.label}
            isAriaDisabled={action.disabledReason !== undefined}
            isDanger={action.danger === true}
            icon={action.icon}
            {...withDescription(action.disabledReason ?? action.description)}
            onClick={action.onSelect}
          >
            {action.label}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}

const withDescription = (description: string | undefined) => (description === undefined ? {} : { description });
