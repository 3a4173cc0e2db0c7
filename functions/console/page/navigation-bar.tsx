import { useApp } from './app-context.ts';
import { Link } from './parts/link.tsx';
import type { View } from './url/place.ts';

/** The views of the user's role. */
export function NavigationBar() {
  const { place, may } = useApp();
  const views: readonly (readonly [view: View, title: string, isShown: boolean])[] = [
    ['groups', 'Groups', true],
    ['health', 'Health', may('GET /health/deep')],
    ['webhooks', 'Webhooks', may('GET /webhook-endpoints')],
    ['keys', 'API keys', may('GET /api-keys')],
  ];
  const current = place.view === 'group' ? 'groups' : place.view;
  return (
    <nav class="tabs" aria-label="Views">
      {views.map(
        ([view, title, isShown]) =>
          isShown && (
            <Link key={view} to={{ view, params: {} }} isCurrent={view === current}>
              {title}
            </Link>
          ),
      )}
    </nav>
  );
}
