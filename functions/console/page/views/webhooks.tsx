import { useApp } from '../app-context.ts';
import { EndpointList } from './webhooks/endpoint-list.tsx';
import { EndpointView } from './webhooks/endpoint-view.tsx';

export function WebhooksView() {
  const { id } = useApp().place.params;
  return id ? <EndpointView id={id} /> : <EndpointList />;
}
