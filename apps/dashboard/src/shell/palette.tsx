/** Search: a sweep, a run, a machine, a project or a page, by its name or id, found as it is typed. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { Autocomplete, Dialog, Input, Label, Menu, MenuItem, Modal, ModalOverlay, SearchField } from 'react-aria-components';
import { agentsQuery, projectsQuery, sweepsQuery } from '../data/queries.js';
import { runsNamedQuery } from '../data/run-table-queries.js';
import { projectAddress, runAddressOf, sweepAddress } from './addresses.js';

interface Found {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly detail: string;
  readonly to: string;
}

const pages: readonly Found[] = [
  ['/', 'Sweeps'],
  ['/projects', 'Projects'],
  ['/runs', 'Runs'],
  ['/agents', 'Agents'],
  ['/queue', 'Queue'],
  ['/settings', 'Settings'],
  ['/start', 'How to start'],
].map(([to = '', label = '']) => ({ id: `page ${to}`, kind: 'page', label, detail: '', to }));

const most = 12;

export function Palette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <ModalOverlay className="overlay" isOpen={open} onOpenChange={(now) => now || onClose()} isDismissable>
      <Modal className="modal">
        <Dialog aria-label="Search" className="palette">
          <Search onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Search({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const wanted = text.trim().toLowerCase();
  const found = useFound(useDeferredValue(wanted));
  const goTo = (one: Found | undefined): void => {
    if (one === undefined) return;
    onClose();
    void navigate({ to: one.to });
  };
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField className="field" autoFocus>
        <Label className="visually-hidden">Search sweeps, runs, machines and projects</Label>
        <Input
          className="input palette-input"
          placeholder="Sweeps, runs, machines, projects, pages"
          onKeyDown={({ key, currentTarget }) => {
            // What was found after the last letter is not marked by itself: Enter takes the first. The list may be behind what was typed.
            if (key === 'Enter' && text !== '' && !currentTarget.getAttribute('aria-activedescendant')) {
              goTo(found.find((one) => isNamed(one, wanted)));
            }
          }}
        />
      </SearchField>
      <Menu
        className="menu"
        aria-label="Found"
        renderEmptyState={() => <p className="muted palette-none">Nothing has that name.</p>}
        onAction={(key) => goTo(found.find(({ id }) => id === key))}
      >
        {found.map(({ id, kind, label, detail }) => (
          <MenuItem key={id} id={id} textValue={label} className="menu-item palette-item">
            <span className="palette-label">{label}</span>
            <span className="muted">
              {kind} {detail}
            </span>
          </MenuItem>
        ))}
      </Menu>
    </Autocomplete>
  );
}

function useFound(text: string): readonly Found[] {
  const sweeps = useQuery(sweepsQuery());
  const projects = useQuery(projectsQuery());
  const agents = useQuery(agentsQuery());
  const runs = useQuery({ ...runsNamedQuery(text, most), placeholderData: keepPreviousData });
  const all: readonly Found[] = [
    ...(sweeps.data?.items ?? []).map(({ id, path, name }) => ({
      id,
      kind: 'sweep',
      label: name || id,
      detail: path,
      to: sweepAddress(path),
    })),
    ...(projects.data?.items ?? []).map(({ entity, name }) => ({
      id: `${entity}/${name}`,
      kind: 'project',
      label: name,
      detail: entity,
      to: projectAddress(`${entity}/${name}`),
    })),
    ...(agents.data?.items ?? []).map(({ id, name, hostname }) => ({ id, kind: 'machine', label: name, detail: hostname, to: '/agents' })),
    ...pages,
    // There may be very many, and they are named alike: what is one of its kind comes first.
    ...(text === '' ? [] : (runs.data?.items ?? [])).map(({ id, name, project, handle }) => ({
      id: `run ${id}`,
      kind: 'run',
      label: name || id,
      detail: project,
      to: runAddressOf(`${project}/${handle}`),
    })),
  ];
  return all.filter((one) => isNamed(one, text)).slice(0, most);
}

const isNamed = ({ label, detail, id }: Found, text: string): boolean => `${label} ${detail} ${id}`.toLowerCase().includes(text);
