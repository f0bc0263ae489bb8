import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { folderOf, projectOfFolder } from '../../workspaces/project-of-folder.ts';

const REPOSITORIES = {
  monorepo: '/home/anna/src/bar',
  menu: '/home/anna/src/bar/packages/menu/',
  drinks: '/home/anna/my drinks',
  sommelier: String.raw`C:\Users\Anna\wine`,
  share: String.raw`\\cellar\Wine`,
  home: '~/src/inn',
};

describe('the project of a folder', () => {
  test.each([
    ['file:///home/anna/src/bar', 'monorepo'],
    ['/home/anna/src/bar/', 'monorepo'],
    ['file:///home/anna/src/bar/packages/menu/lib', 'menu'],
    ['file:///home/anna/src/bar/packages', 'monorepo'],
    ['file:///home/anna/src/bar/packages/menu/../beer', 'monorepo'],
    ['file:///home/anna/my%20drinks', 'drinks'],
    ['vscode-remote://ssh-remote+bar/home/anna/my%20drinks', 'drinks'],
    ['file:///c%3A/Users/anna/wine/red', 'sommelier'],
    ['file:///C:/Users/Anna/Wine', 'sommelier'],
    [String.raw`c:\users\anna\WINE`, 'sommelier'],
    ['file://cellar/wine/red', 'share'],
    [`file://${homedir()}/src/inn`, 'home'],
  ])('%s is in %s, the longest path that contains it', (uri, project) => {
    expect(projectOfFolder(uri, REPOSITORIES)).toBe(project);
  });

  test.each([
    'file:///home/anna/src/bar-2',
    'file:///home/anna/src',
    '/home/anna/my%20drinks',
    'file:///home/anna/src/bar/../inn',
    'default',
    '',
    'C:wine',
  ])('%s is in none', (uri) => {
    expect(projectOfFolder(uri, REPOSITORIES)).toBeUndefined();
  });

  test('a name that is not encoded rightly is taken as it stands, and one without end names nothing', () => {
    expect(folderOf('file:///home/100%')).toBe('/home/100%');
    expect(folderOf(`/${'a'.repeat(5_000)}`)).toBeUndefined();
  });
});
