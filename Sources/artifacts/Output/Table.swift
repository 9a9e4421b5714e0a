/// Aligned columns that fit a width: what is too long is cut, and where that is not enough columns are left out.
struct Table {
    /// One column's heading, and how it makes room.
    struct Column {
        let title: String
        /// When it is cut, the lowest number first, and to how many columns of the terminal; nil is never cut.
        var cut: (order: Int, narrowest: Int)?
        /// When it is left out, the lowest number first; nil stays.
        var leftOut: Int?
    }

    /// Which columns are shown, and how wide.
    struct Layout {
        fileprivate var shown: [Int]
        fileprivate var widths: [Int]
    }

    private let columns: [Column]
    private let width: Int
    private var rows: [[String]] = []
    private var colours: [[Terminal.Colour?]] = []

    /// A table for so many columns of a terminal.
    init(_ columns: [Column], width: Int) {
        self.columns = columns
        self.width = width
    }

    /// Adds a row with one text for each column; `colour` tells the colour of a cell by its column.
    mutating func add(_ cells: [String], colour: [Int: Terminal.Colour] = [:]) {
        rows.append(cells.map { Printable.line($0, atMost: width) })
        colours.append(cells.indices.map { colour[$0] })
    }

    /// The table as lines, without rows only the headings.
    ///
    /// - Parameter layout: That of the table this one goes on from, which then has no headings of its own.
    func text(continuing layout: inout Layout?) -> String {
        let fitted = layout.map { fit($0.shown, atLeast: $0.widths).layout } ?? choose()
        var lines: [String] = []
        if layout == nil { lines.append(line(columns.map(\.title), fitted, columns.map { _ in .bold })) }
        for (cells, colours) in zip(rows, colours) { lines.append(line(cells, fitted, colours)) }
        layout = fitted
        return lines.map { $0 + "\n" }.joined()
    }

    private static let gap = 2

    /// As many columns as fit.
    private func choose() -> Layout {
        var shown = Array(columns.indices)
        while true {
            let (layout, isFitting) = fit(shown, atLeast: [])
            let next = shown.filter { columns[$0].leftOut != nil }
                .min { columns[$0].leftOut ?? 0 < columns[$1].leftOut ?? 0 }
            guard !isFitting, let next else { return layout }
            shown.removeAll { $0 == next }
        }
    }

    /// Widths that together do not exceed the table's; not fitting when that took more than each column allows.
    private func fit(_ shown: [Int], atLeast former: [Int]) -> (layout: Layout, isFitting: Bool) {
        var widths = shown.enumerated().map { position, index in
            let start = max(Printable.width(columns[index].title), former.isEmpty ? 0 : former[position])
            return rows.reduce(start) { max($0, Printable.width($1[index])) }
        }
        var excess = widths.reduce(0, +) + Self.gap * (shown.count - 1) - width
        func cut(_ position: Int, to narrowest: Int) {
            let given = min(excess, max(0, widths[position] - narrowest))
            widths[position] -= given
            excess -= given
        }
        let cuttable = shown.indices.compactMap { position in
            columns[shown[position]].cut.map { (position: position, order: $0.order, narrowest: $0.narrowest) }
        }
        for column in cuttable.sorted(by: { $0.order < $1.order }) where excess > 0 {
            cut(column.position, to: column.narrowest)
        }
        let isFitting = excess <= 0
        for position in shown.indices.reversed() where excess > 0 { cut(position, to: 0) }
        return (Layout(shown: shown, widths: widths), isFitting)
    }

    private func line(_ cells: [String], _ layout: Layout, _ colours: [Terminal.Colour?]) -> String {
        var line = ""
        for (position, index) in layout.shown.enumerated() {
            let text = Printable.cut(cells[index], to: layout.widths[position])
            line += Terminal.coloured(text, colours[index])
            guard position < layout.shown.count - 1 else { break }
            line += String(repeating: " ", count: layout.widths[position] - Printable.width(text) + Self.gap)
        }
        return line
    }
}
