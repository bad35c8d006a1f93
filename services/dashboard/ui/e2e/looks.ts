import type { Page } from '@playwright/test';
import { accessibility } from './circuit';
import { drawn, expect, picture } from './page';

/** Axe looks once a theme and once a width. */
const LOOKS = [
  { width: 1280, scheme: 'light', axe: true },
  { width: 390, scheme: 'light', axe: false },
  { width: 390, scheme: 'dark', axe: true },
  { width: 1280, scheme: 'dark', axe: false },
] as const;

/**
 * What is shown is accessible and nothing lies beyond the window, wide and narrow, light and dark; with pictures. One
 * page shown in four ways, not four pages: loading is what takes time. With `part` axe looks at that alone.
 */
export async function expectToFit(page: Page, name: string, part?: string): Promise<void> {
  for (const { width, scheme, axe } of LOOKS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 860 });
    await page.emulateMedia({ colorScheme: scheme });
    await drawn(page);
    await picture(page, `${name}-${scheme}-${width}`);
    if (axe) expect(await accessibility(page, part), `${scheme} at ${width} px`).toEqual([]);
    const beyond = await page.evaluate(() => {
      const main = document.getElementById('main');
      const page = document.documentElement;
      return [
        page.scrollWidth - page.clientWidth,
        main ? main.scrollWidth - main.clientWidth : 0,
        page.scrollHeight - page.clientHeight,
      ];
    });
    expect(beyond, `pixels beyond the window, ${scheme} at ${width} px`).toEqual([0, 0, 0]);
  }
}
