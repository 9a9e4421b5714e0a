extension ArtifactStore {
    /// The most artifacts on one page.
    public static let largestPage = 1000

    /// One page of a list.
    ///
    /// - Parameters:
    ///   - cursor: Where to go on: a former page's ``ArtifactPage/nextCursor``, or nil for the first page.
    ///   - limit: How many artifacts, held to 1...1000.
    /// - Throws: ``StoreError`` `invalidInput` when the cursor belongs to another filter or order, the search is no
    ///   search, or the order is ``ArtifactOrder/bestMatch`` and there is no search; `database`.
    public func page(
        where filter: ArtifactFilter = ArtifactFilter(), order: ArtifactOrder = .newestFirst,
        after cursor: PageCursor? = nil, limit: Int = 50
    ) async throws -> ArtifactPage {
        guard order != .bestMatch || filter.search != nil else {
            throw StoreError.invalid(
                "the order", "is by rank, and there is no search", hint: "Search for words, or order by time.")
        }
        // Again, since a cursor may come from another list of this process: the type alone does not bind it.
        let cursor = try cursor.map { cursor throws(StoreError) in
            try PageCursor(cursor.text, filter: filter, order: order)
        }
        return try await repository.page(
            filter, order, after: cursor, limit: min(max(limit, 1), Self.largestPage))
    }

    /// All pages of a list, each read when it is asked for. By ``ArtifactOrder/bestMatch`` there is one.
    ///
    /// ```swift
    /// for try await page in store.artifacts(where: .init(status: .failed, since: yesterday)) { … }
    /// ```
    public func artifacts(
        where filter: ArtifactFilter = ArtifactFilter(), order: ArtifactOrder = .newestFirst, pageSize: Int = 100
    ) -> ArtifactPages {
        ArtifactPages(store: self, filter: filter, order: order, pageSize: pageSize)
    }
}

/// The pages of a list, one after the other. Artifacts recorded meanwhile never appear twice.
public struct ArtifactPages: AsyncSequence, Sendable {
    public typealias Element = ArtifactPage

    fileprivate let store: ArtifactStore
    fileprivate let filter: ArtifactFilter
    fileprivate let order: ArtifactOrder
    fileprivate let pageSize: Int

    /// Starts at the first page.
    public func makeAsyncIterator() -> Iterator {
        Iterator(pages: self)
    }

    /// Reads one page at a time.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let pages: ArtifactPages
        private var cursor: PageCursor?
        private var isAtEnd = false

        fileprivate init(pages: ArtifactPages) {
            self.pages = pages
        }

        /// The next page; nil behind the last. An empty list has no page.
        ///
        /// - Throws: ``StoreError`` `invalidInput` when the search is no search, or missing for the order; `database`.
        public mutating func next() async throws -> ArtifactPage? {
            guard !isAtEnd else { return nil }
            let page = try await pages.store.page(
                where: pages.filter, order: pages.order, after: cursor, limit: pages.pageSize)
            cursor = page.nextCursor
            isAtEnd = cursor == nil
            return page.artifacts.isEmpty ? nil : page
        }
    }
}
