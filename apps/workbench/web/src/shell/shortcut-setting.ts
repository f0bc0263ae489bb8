const KEY = 'workbench-shortcuts';

/** Keys without a modifier may be turned off: who dictates or slips on the keyboard would set them off unawares. */
export function readShortcutSetting(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true; // storage may be forbidden; then the setting lasts as long as the page
  }
}

export function keepShortcutSetting(isOn: boolean): void {
  try {
    localStorage.setItem(KEY, isOn ? 'on' : 'off');
  } catch {
    // As above.
  }
}
