import { api } from '../lib/api';

/** Labels of features as they come, by `scan/layer/feature`; to be called while a component is made. */
export function labelsOf(
  wanted: () => ReadonlyMap<string, readonly [layer: number, feature: number][]>,
): (scan: string, layer: number, feature: number) => string {
  let labels = $state.raw<ReadonlyMap<string, string>>(new Map());

  $effect(() => {
    let current = true;
    for (const [scan, features] of wanted()) {
      if (features.length === 0) continue;
      api.lookup(scan, [...features]).then(
        (found) => {
          if (!current) return;
          const more = features.map(([layer, feature], i): [string, string] => [
            `${scan}/${layer}/${feature}`,
            found.labels[i] ?? '',
          ]);
          labels = new Map([...labels, ...more]);
        },
        () => undefined, // Without labels the table still names the features.
      );
    }
    return () => {
      current = false;
    };
  });

  return (scan, layer, feature) => labels.get(`${scan}/${layer}/${feature}`) ?? '';
}
