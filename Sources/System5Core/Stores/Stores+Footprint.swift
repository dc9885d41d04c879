import HashTreeCollections

extension Policy: HasFootprint {
  package var heapBytes: Int {
    versions.reduce(policy.heapBytes + Footprint.storage(versions)) {
      $0 + $1.data.heapBytes + $1.metadata.heapBytes
    }
  }
}

extension SystemPolicies: HasFootprint {
  package var heapBytes: Int { Footprint.total(policies) }
}

extension Adaptation {
  /// Adaptations that are alike share their context and their changes.
  fileprivate func heapBytes(_ shared: inout Footprint.Shared) -> Int {
    adaptation.heapBytes + domain.heapBytes
      + shared.bytes(of: context.members, context.heapBytes)
      + shared.bytes(of: policyChanges, Footprint.total(policyChanges))
  }
}

extension DerivedPattern: HasFootprint {
  package var heapBytes: Int {
    pattern.heapBytes + domain.heapBytes + commonContext.heapBytes
      + Footprint.storage(contextRanges) + Footprint.storage(recommendedActions)
      + Footprint.total(evidence)
  }
}

extension TransferredPattern: HasFootprint {
  package var heapBytes: Int { pattern.heapBytes + targetDomain.heapBytes + basePattern.heapBytes }
}

extension LearnedPattern: HasFootprint {
  package var heapBytes: Int {
    pattern.heapBytes + domain.heapBytes + triggerConditions.heapBytes
      + Footprint.total(recommendedActions)
  }
}

extension SystemAdaptations: HasFootprint {
  package var heapBytes: Int {
    var shared = Footprint.Shared()
    let all = adaptations.tree.values.reduce(Footprint.tree(adaptations.tree)) { sum, only in
      sum + Footprint.storage(only) + only.reduce(0) { $0 + $1.heapBytes(&shared) }
    }
    return all + Footprint.total(published) + Footprint.total(learned)
      + Footprint.total(transferred) + Footprint.tree(domains) + groups.heapBytes
      + rows.heapBytes
  }
}

extension PatternGroups: HasFootprint {
  package var heapBytes: Int {
    all.values.reduce(Footprint.tree(all)) { $0 + $1.members.heapBytes } + indexBytes
  }
}

extension TimeSeries.Columns: HasFootprint {
  package var heapBytes: Int {
    var sum =
      Footprint.storage(times) + Footprint.storage(varieties) + Footprint.storage(capacities)
      + Footprint.storage(metadata)
    for (index, object) in metadata.enumerated() where index == 0 || metadata[index - 1] != object {
      sum += object.heapBytes
    }
    return sum
  }
}

extension SystemVariety.Source: HasFootprint {
  /// The current measurement is a point of the series.
  package var heapBytes: Int { series.heapBytes }
}

extension Alert: HasFootprint {
  package var heapBytes: Int {
    alert.heapBytes + (source?.heapBytes ?? 0) + Text(summary).heapBytes
  }
}

extension SystemVariety: HasFootprint {
  package var heapBytes: Int {
    let names = sources.keys.reduce(0) { $0 + $1.heapBytes }
    let converters = [amplifiers, attenuators].reduce(0) { sum, table in
      table.keys.reduce(sum + Footprint.tree(table)) { $0 + $1.heapBytes }
    }
    return names + Footprint.total(sources) + converters + Footprint.total(alerts)
      + Footprint.tree(criticalSources)
  }
}

extension RedeliveryWindow: HasFootprint {
  package var heapBytes: Int { storageBytes }
}

extension Shard: HasFootprint where Store.System: HasFootprint {
  package var heapBytes: Int {
    let names = store.systems.keys.reduce(0) { $0 + $1.heapBytes }
    return names + Footprint.total(store.systems) + window.heapBytes
  }
}
