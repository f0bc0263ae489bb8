import type { CommitOrigin, Draft, StateHandle, StateManager } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import type { Clock } from '../clock.ts';
import { assertFileIsTaken } from '../state-files.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { OVERRIDE_STATUSES, togglesState, type MeetingOverride, type TogglesValue } from './toggles-state.ts';
import { own } from '../json-value.ts';

/** What decides where no toggle does: the configuration. */
export interface StaticSettings {
  get(section: string, key?: string, otherwise?: unknown): unknown;
}

export interface TogglesOptions {
  readonly state: StateManager;
  readonly store: Pick<FileStore, 'problems'>;
  readonly settings: StaticSettings;
  readonly clock: Clock;
}

/** Services whose default is a section's `enabled`. */
const SECTION_OF: ReadonlyMap<string, string> = new Map([
  ['scheduler', 'schedules'],
  ['sprint_bot', 'sprint'],
  ['google_calendar', 'google_calendar'],
  ['gmail', 'gmail'],
]);
/** Services that the configuration may switch on. */
export const CONFIGURED_SERVICES: readonly string[] = [...SECTION_OF.keys()];
const MAX_NAME = 256;

/**
 * What is on and off while programs run. Reading shows what any process or person changed; a change is committed when it resolves, and in `state.json` 2 s
 * later, or at once where it says so. While that file holds what cannot be taken, changes are REFUSED.
 */
export class Toggles {
  readonly #state: StateManager;
  readonly #store: Pick<FileStore, 'problems'>;
  readonly #handle: StateHandle<TogglesValue>;
  readonly #settings: StaticSettings;
  readonly #clock: Clock;

  private constructor({ state, store, settings, clock }: TogglesOptions, handle: StateHandle<TogglesValue>) {
    this.#state = state;
    this.#store = store;
    this.#handle = handle;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** @throws {HoldfastError} CORRUPT_STATE, MIGRATION_FAILED, VALIDATION_FAILED when what is stored cannot be read; it stays as it is. */
  static async open(options: TogglesOptions): Promise<Toggles> {
    return new Toggles(options, await options.state.global().get(togglesState));
  }

  /** All sections, frozen. */
  getState(): TogglesValue {
    return this.#handle.current;
  }

  /** What is under a key of a section, or the section; undefined when it is not there. */
  get(section: string, key?: string): unknown {
    const found = own(this.#handle.current, section);
    return key === undefined ? found : own(found, key);
  }

  /**
   * @throws {WorkbenchError} INVALID_INPUT for a name that is empty, longer than 256 characters or `__proto__`; REFUSED when the section is no object.
   * @throws {HoldfastError} VALIDATION_FAILED for a value that does not fit.
   */
  async set(section: string, key: string, value: unknown, origin: CommitOrigin = {}): Promise<void> {
    assertName('section', section);
    assertName('key', key);
    await this.#change((draft) => {
      const sections: Record<string, unknown> = draft;
      const found = own(sections, section) ?? (sections[section] = {});
      if (typeof found !== 'object' || found === null || Array.isArray(found))
        throw new WorkbenchError('REFUSED', `${section} of state.json is no section that has keys; change it in the file.`);
      (sections[section] as Record<string, unknown>)[key] = value;
    }, origin);
  }

  /** As it was switched; otherwise as the configuration says, and off where that says nothing. */
  isServiceEnabled(name: string): boolean {
    const toggled = isOn(own(this.#handle.current.services, name));
    if (toggled !== undefined) return toggled;
    const section = SECTION_OF.get(name);
    return section !== undefined && this.#settings.get(section, 'enabled') === true;
  }

  async setServiceEnabled(name: string, enabled: boolean, origin: CommitOrigin = {}): Promise<void> {
    await this.#switch('services', name, enabled, origin);
  }

  /** As it was switched; a job that was not is on. */
  isJobEnabled(name: string): boolean {
    return isOn(own(this.#handle.current.jobs, name)) ?? true;
  }

  async setJobEnabled(name: string, enabled: boolean, origin: CommitOrigin = {}): Promise<void> {
    await this.#switch('jobs', name, enabled, origin);
  }

  /** Undefined when nobody decided about the meeting. */
  getMeetingOverride(id: string): MeetingOverride | undefined {
    const found = own(this.#handle.current.meetings, id) as MeetingOverride | undefined;
    return found && OVERRIDE_STATUSES.includes(found.status) ? found : undefined;
  }

  /** In the file when it resolves. */
  async setMeetingOverride(id: string, override: Pick<MeetingOverride, 'status' | 'reason'>, origin: CommitOrigin = {}): Promise<void> {
    assertName('id', id);
    const { status, reason } = override;
    const timestamp = new Date(this.#clock.now()).toISOString();
    await this.#change((draft) => void (draft.meetings[id] = { status, reason, timestamp }), origin);
    await this.flush();
  }

  /** In the file when it resolves. */
  async clearMeetingOverride(id: string, origin: CommitOrigin = {}): Promise<void> {
    await this.#change((draft) => {
      if (Object.hasOwn(draft.meetings, id)) delete draft.meetings[id];
    }, origin);
    await this.flush();
  }

  /** Resolves when `state.json` has every change. */
  async flush(): Promise<void> {
    await this.#state.flush();
  }

  /** Tells of changes, of whichever process or person. Returns the unsubscriber. */
  subscribe(listener: (now: TogglesValue, was: TogglesValue) => void): () => void {
    return this.#handle.subscribe((value) => value, listener);
  }

  /** @throws {WorkbenchError} REFUSED while `state.json` holds what cannot be taken. */
  async #change(recipe: (draft: Draft<TogglesValue>) => void, origin: CommitOrigin): Promise<void> {
    assertFileIsTaken(this.#store, togglesState.name);
    await this.#handle.update(recipe, origin);
  }

  async #switch(section: 'services' | 'jobs', name: string, enabled: boolean, origin: CommitOrigin): Promise<void> {
    assertName('name', name);
    await this.#change((draft) => {
      const found = own(draft[section], name);
      // What an older program keeps beside it stays.
      if (typeof found === 'object') Object.assign(draft[section][name] as object, { enabled });
      else draft[section][name] = { enabled };
    }, origin);
  }
}

function isOn(found: unknown): boolean | undefined {
  if (typeof found === 'object' && found !== null) return (found as { readonly enabled: boolean }).enabled;
  return typeof found === 'boolean' ? found : undefined;
}

function assertName(what: string, name: string): void {
  if (name !== '' && name.length <= MAX_NAME && name !== '__proto__') return;
  const shown = JSON.stringify(name.slice(0, MAX_NAME));
  throw new WorkbenchError('INVALID_INPUT', `${shown} cannot be the ${what} of a toggle; use a text of 1 to ${MAX_NAME} characters.`);
}
