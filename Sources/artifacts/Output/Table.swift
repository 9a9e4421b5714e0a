/// Aligned columns that fit a width: what is too long is cut, in the order the columns allow.
struct Table {
    /// One column's heading, and when it is cut to fit: the lowest number first, columns without one last.
    struct Column {
        let title: String
        var cutOrder = Int.max
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []
    private var colours: [[Terminal.Colour?]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row with one text for each column; `colour` tells the colour of a cell by its column.
    mutating func add(_ cells: [String], colour: [Int: Terminal.Colour] = [:]) {
        rows.append(cells.map(Printable.text))
        colours.append(cells.indices.map { colour[$0] })
    }

    /// The table as lines. Without rows only the headings.
    func text(width: Int) -> String {
        let widths = fitted(to: width)
        var lines = [line(columns.map(\.title), widths, columns.map { _ in .bold })]
        for (cells, colours) in zip(rows, colours) { lines.append(line(cells, widths, colours)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let gap = 2
    private static let narrowest = 8

    private func fitted(to width: Int) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(Printable.width(columns[index].title)) { max($0, Printable.width($1[index])) }
        }
        var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - width
        for index in columns.indices.sorted(by: { columns[$0].cutOrder < columns[$1].cutOrder }) where excess > 0 {
            let given = min(excess, max(0, widths[index] - Self.narrowest))
            widths[index] -= given
            excess -= given
        }
        return widths
    }

    private func line(_ cells: [String], _ widths: [Int], _ colours: [Terminal.Colour?]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let text = Printable.cut(cell, to: widths[index])
            line += Terminal.coloured(text, colours[index])
            guard index < cells.count - 1 else { break }
            line += String(repeating: " ", count: widths[index] - Printable.width(text) + Self.gap)
        }
        return line
    }
}
