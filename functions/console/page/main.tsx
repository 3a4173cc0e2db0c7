import { render } from 'preact';

const root = document.getElementById('console');
if (root) render(<p>Loading</p>, root);
