// Where things stand on a board, by the classes that the server gave them (css/board_grains.css).

/** The row in which a cell begins: 5 minutes each, since the day began. */
export function rowOf(cell) {
  return Number(/(?:^| )t(\d+)/.exec(cell.parentElement.className)?.[1]);
}

/** The cell that is nearest to a row; the earlier one of two. */
export function nearest(cells, row) {
  const distance = (cell) => Math.abs(rowOf(cell) - row);
  let best = null;
  for (const cell of cells) {
    if (!best || distance(cell) < distance(best)) best = cell;
  }
  return best;
}
