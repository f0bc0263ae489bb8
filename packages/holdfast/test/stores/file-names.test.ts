import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { stateAt, statePath } from '../../src/stores/file/file-names.ts';

/** Ids as data: whatever a path could take for something else, among any text. */
const id = fc.oneof(
  fc.constantFrom(
    '../x',
    '..',
    '.',
    '.hidden',
    'con',
    'CON',
    'aux.txt',
    'lpt1',
    'a/b',
    'a\\b',
    '%2e',
    '%',
    'a%',
    'x.json',
    'x.conflict-1',
    'a.',
    ' a ',
    '\u0000',
  ),
  fc.constantFrom('x'.repeat(256), 'ü'.repeat(128), '.'.repeat(256), '%'.repeat(256), `${'a'.repeat(180)}.`),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
);
const address = fc.record({
  scope: fc.constantFrom('team', 'workflow', 'conversation'),
  id,
  state: fc.stringMatching(/^[A-Za-z][\w.-]{0,63}$/),
});

describe('the path of a state', () => {
  test.prop([address])('leads back to the state', (one) => {
    expect(stateAt(statePath(one, 'json'), 'json')).toEqual(one);
  });

  test.prop([address, address])('is another one for another state, even where case is folded', (one, other) => {
    const isSame = one.scope === other.scope && one.id === other.id && one.state === other.state;
    expect(statePath(one, 'yaml').toUpperCase() === statePath(other, 'yaml').toUpperCase()).toBe(isSame);
  });

  test.prop([address])('has only names that every file system takes, and none that is hidden or leads elsewhere', (one) => {
    for (const name of statePath(one, 'json').split('/')) {
      expect(name).toMatch(/^[a-z\d_%-][a-z\d._%-]*$/);
      expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|\.$/);
      expect(name.length).toBeLessThanOrEqual(190);
    }
  });

  test.each([
    [{ scope: 'global', id: 'global', state: 'settings' }, 'global/settings.json'],
    [{ scope: 'conversation', id: 'session-123', state: 'tab' }, 'conversation/session-123/tab.json'],
    [{ scope: 'team', id: '../Bar', state: 'ui.theme' }, 'team/%2e.%2f%42ar/ui.theme.json'],
    [{ scope: 'team', id: 'nul', state: 'tab.conflict-1' }, 'team/%6eul/tab%2econflict-1.json'],
  ])('of %o can be read: %s', (one, path) => {
    expect(statePath(one, 'json')).toBe(path);
  });

  test.each([
    'README.md',
    'conversation/anna/Tab.json',
    'conversation/anna/tab.conflict-1.json',
    'conversation/anna/x/tab.json',
    'a/%zz/b.json',
    'team/%ff/b.json',
  ])('of nothing is %s', (path) => {
    expect(stateAt(path, 'json')).toBeUndefined();
  });
});
