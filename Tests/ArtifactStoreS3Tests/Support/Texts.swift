/// Everything that prints, dumps and reflects.
func texts(_ value: Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    return ["\(value)", String(reflecting: value), String(describing: value), dumped]
}
